import { beforeAll, describe, expect, test } from "vitest";
import { keys } from "../../lib/keys.ts";
import { indexPage, runsIn } from "../../lib/report/index/index-page.ts";
import { listedRuns, renewIndex } from "../../lib/report/index/renew.ts";
import type { RunEntry } from "../../lib/run/records.ts";
import { jsonText } from "../../lib/store/store.ts";
import { explore } from "../faults/protocol/explore.ts";
import { type Actor, bucketOf, type Objects } from "../faults/protocol/world.ts";
import { madeEntry } from "../support/run-entries.ts";
import { watchedStore } from "../support/watched-store.ts";

const [first, second, third] = ["20200625", "20200626", "20200627"].map((issued) => madeEntry({ issued })) as [
  RunEntry,
  RunEntry,
  RunEntry,
];

const newBucket = () => new Map<string, string>();
const renewing = (name: string, entry: RunEntry): Actor => ({ name, act: (store) => renewIndex(store, entry) });
const idsIn = (objects: Objects): string[] =>
  runsIn(Buffer.from(objects.get(keys.index) ?? "", "latin1")).map(({ runId }) => runId);
const ids = (...entries: readonly RunEntry[]) => entries.map(({ runId }) => runId);

async function bucketWith(...entries: readonly RunEntry[]): Promise<Map<string, string>> {
  const objects = newBucket();
  for (const entry of entries) await renewIndex(bucketOf(objects), entry);
  return objects;
}

// It is loaded late, and an actor of the explorer may wait for nothing but the store.
beforeAll(async () => void (await indexPage([])));

describe("runs that end at once, in every order of their calls, with each stopped at any of them", () => {
  test.each([
    ["two, of which there is no index", [], [first, second], false],
    ["two, beside one that ended before", [third], [first, second], false],
    ["two, where answers are lost", [third], [first, second], true],
    ["three", [], [first, second, third], false],
  ] as const)("%s", async (_, before, ended, losses) => {
    const start = await bucketWith(...before);
    const checked = new Set<string>();
    const { ends } = await explore(
      start,
      ended.map((entry, i) => renewing("abc"[i]!, entry)),
      {
        async state(now) {
          const { objects } = now;
          // Whoever was stopped, the index has all whose renewal has ended, and the next one has all that left an entry.
          const told = [...before, ...[...now.ends.keys()].map((i) => ended[i]!)];
          expect(idsIn(objects)).toEqual(expect.arrayContaining(ids(...told)));
          const id = now.objectsId();
          if (checked.has(id)) return;
          checked.add(id);
          const copy = new Map(objects);
          await renewIndex(bucketOf(copy));
          const left = [...before, ...ended].filter(({ runId }) =>
            [...objects.keys()].some((key) => key.includes(runId)),
          );
          expect(idsIn(copy).toSorted()).toEqual(ids(...left).toSorted());
        },
        step(was, is) {
          expect(idsIn(is)).toEqual(expect.arrayContaining(idsIn(was)));
        },
        end(now) {
          expect([...now.ends.values()]).toEqual(ended.map(() => undefined));
          expect(idsIn(now.objects).toSorted()).toEqual(ids(...before, ...ended).toSorted());
        },
      },
      { losses },
    );
    expect(ends).toBeGreaterThan(0);
  });

  test("a run that is closed twice at once is listed as it ended last", async () => {
    const partial = madeEntry({ status: "partial", finishedAt: "2020-06-30 12:00:00" });
    const complete = madeEntry({ finishedAt: "2020-06-30 12:00:01" });
    const { ends } = await explore(newBucket(), [renewing("late", partial), renewing("new", complete)], {
      state: () => {},
      step: () => {},
      end({ objects }) {
        expect(runsIn(Buffer.from(objects.get(keys.index)!, "latin1"))).toEqual([complete]);
      },
    });
    expect(ends).toBeGreaterThan(0);
  });
});

describe("an index", () => {
  test("costs the run an entry, a read, a listing and a write, however many runs there are", async () => {
    const objects = await bucketWith(first, second);
    const store = watchedStore(bucketOf(objects));
    await renewIndex(store, third);
    expect(store.gets).toEqual([keys.index]);
    expect(store.puts).toEqual([`index/${third.runId}.20200630T123457.json`]);
    expect(idsIn(objects)).toEqual(ids(third, second, first));
  });

  test("is made anew of the entries where it is gone, cut short, empty, or says nonsense", async () => {
    const objects = await bucketWith(first, second);
    const whole = objects.get(keys.index)!;
    const nonsense = whole.replace(/"runs":"[^"]*"/, '"runs":"bm9uc2Vuc2U="');
    expect(nonsense).not.toBe(whole);
    for (const damaged of [undefined, whole.slice(0, -30), whole.slice(0, 2000), "", nonsense]) {
      if (damaged === undefined) objects.delete(keys.index);
      else objects.set(keys.index, damaged);
      await renewIndex(bucketOf(objects), second);
      expect(objects.get(keys.index)).toBe(whole);
    }
  });

  test("leaves a page of somebody else, and says what to do", async () => {
    const objects = newBucket();
    objects.set(keys.index, "<!doctype html><title>Our data</title>");
    await expect(renewIndex(bucketOf(objects), first)).rejects.toThrow(
      "bucket/index.html: is not an index of runs, and was left as it is. Move it away: the next run writes the index",
    );
    expect(objects.get(keys.index)).toContain("Our data");
    objects.delete(keys.index);
    await renewIndex(bucketOf(objects), second);
    expect(idsIn(objects)).toEqual(ids(second, first));
  });

  test("drops runs whose entries are gone, and passes over what is no entry", async () => {
    const objects = await bucketWith(first, second);
    const key = [...objects.keys()].find((name) => name.includes(first.runId));
    objects.delete(key!);
    objects.set("index/prec-x.20200630T000000.json", "{ cut");
    objects.set("index/prec-y.20200630T000000.json", jsonText({ runId: "prec-y" }));
    objects.set("index/notes.txt", "notes");
    await renewIndex(bucketOf(objects), third);
    expect(idsIn(objects)).toEqual(ids(third, second));
  });

  test("is not written where nothing is new", async () => {
    const objects = await bucketWith(first);
    let writes = 0;
    const store = bucketOf(objects);
    const counting = { ...store, putIfMatch: async () => ++writes > 0, putIfAbsent: async () => ++writes > 0 };
    await renewIndex(counting, first);
    await renewIndex(counting);
    expect(writes).toBe(0);
  });

  test("says of a run that is resumed within the second what came last", async () => {
    const objects = await bucketWith(madeEntry({ status: "partial" }));
    await renewIndex(bucketOf(objects), madeEntry());
    expect(await listedRuns(bucketOf(objects))).toEqual([madeEntry()]);
    expect(runsIn(Buffer.from(objects.get(keys.index)!, "latin1"))).toEqual([madeEntry()]);
  });
});
