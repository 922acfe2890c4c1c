import { beforeEach, describe, expect, test } from "vitest";
import { moveLatest } from "../../lib/run/latest.ts";
import type { Latest } from "../../lib/run/records.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { jsonText, type ObjectStore, requireJson } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";

const KEY = "prec/latest.json";
const latestOf = (issued: string): Latest => ({
  runId: `prec-${issued}`,
  forecast: { label: issued, issued, targets: ["2020-08-01 00:00:00"], base: null },
  manifest: `runs/prec-${issued}/manifest.json`,
  series: "prec/{station}.csv",
});

let store: ObjectStore;
beforeEach(() => {
  store = folderStore(temporaryFolder());
});
const put = (issued: string) => store.put(KEY, jsonText(latestOf(issued)));
const issued = async () => (await requireJson<Latest>(store, KEY)).forecast.issued;

/** The store, where `between` happens after each read of the object, and before what is made of it. */
function overtaken(between: (reads: number) => Promise<unknown>): ObjectStore {
  let reads = 0;
  return {
    ...store,
    async get(key) {
      try {
        return await store.get(key);
      } finally {
        await between(++reads);
      }
    },
  };
}

describe("a run that is overtaken between its look at latest.json and its write", () => {
  test.each([
    ["absent", "20200627", "20200627"],
    ["absent", "20200624", "20200626"],
    ["20200620", "20200627", "20200627"],
    ["20200620", "20200624", "20200626"],
  ])("which was %s, by one of %s: %s stays there", async (before, other, newest) => {
    if (before !== "absent") await put(before);
    let reads = 0;
    const slow = overtaken(async (count) => {
      reads = count;
      if (count === 1) await put(other);
    });
    await moveLatest(slow, "prec", latestOf("20200626"));
    expect(await issued()).toBe(newest);
    expect(reads).toBe(2);
  });

  test("again and again gives up, and says so", async () => {
    const slow = overtaken((count) => put(String(20200600 + count)));
    await expect(moveLatest(slow, "prec", latestOf("20200626"))).rejects.toThrow(
      "prec/latest.json was replaced by others 10 times",
    );
    expect(await issued()).toBe("20200610");
  });
});

describe("of two runs of one forecast", () => {
  const claimedAt = (at: string | undefined): Latest => ({ ...latestOf("20200626"), runId: `at ${at}`, claimedAt: at });

  test.each([
    ["2020-06-27 10:00:00", "2020-06-27 09:00:00", "at 2020-06-27 10:00:00"],
    ["2020-06-27 09:00:00", "2020-06-27 10:00:00", "at 2020-06-27 10:00:00"],
    ["2020-06-27 09:00:00", "2020-06-27 09:00:00", "at 2020-06-27 09:00:00"],
    [undefined, "2020-06-27 09:00:00", "at 2020-06-27 09:00:00"],
  ])("claimed at %s and %s the later one stays", async (first, second, newest) => {
    await moveLatest(store, "prec", claimedAt(first));
    await moveLatest(store, "prec", claimedAt(second));
    expect((await requireJson<Latest>(store, KEY)).runId).toBe(newest);
  });
});

test.each([
  "{}",
  '{"forecast":null}',
  '{"forecast":{}}',
  '{"forecast":"x"}',
  '{"forecast":{"targets":[1]}}',
  "null",
  "[]",
])("what is no latest.json is replaced: %s", async (text) => {
  await store.put(KEY, text);
  await moveLatest(store, "prec", latestOf("20200626"));
  expect(await issued()).toBe("20200626");
});

test("what is broken is replaced, by the run that found it alone", async () => {
  await store.put(KEY, "{");
  await moveLatest(store, "prec", latestOf("20200626"));
  expect(await issued()).toBe("20200626");
  await store.put(KEY, "{");
  await moveLatest(
    overtaken((count) => (count === 1 ? put("20200627") : Promise.resolve())),
    "prec",
    latestOf("20200626"),
  );
  expect(await issued()).toBe("20200627");
});

test("the same run moves it there again", async () => {
  await moveLatest(store, "prec", latestOf("20200626"));
  await moveLatest(store, "prec", latestOf("20200626"));
  expect(await requireJson(store, KEY)).toEqual(latestOf("20200626"));
});
