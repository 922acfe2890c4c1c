import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { isInputError } from "../../lib/errors.ts";
import type * as Joining from "../../lib/run/join.ts";
import type { Claim, Latest, Manifest } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { type Checks, explore } from "./protocol/explore.ts";
import { type ActorEnd, type Asked, actor, makeInputs } from "./protocol/runs.ts";
import { bucketOf, type Objects } from "./protocol/world.ts";
import { tally } from "./tally.ts";

/**
 * Claim, plan, receipts, manifest and latest.json under all orders of the calls of several that are at work at once, and with
 * each of them stopped at any call. What runs is the code itself over a bucket in memory.
 */

/** What a run reads is brought together once: it depends on the inputs and the claim alone, and on files, which take long. */
const joins = vi.hoisted(() => ({ areKept: false, kept: new Map<string, Promise<unknown>>() }));
vi.mock("../../lib/run/join.ts", async (original) => {
  const real = await original<typeof Joining>();
  return {
    ...real,
    joinInputs(run: Run): Promise<Joining.Join> {
      const { runId, now } = run.claim;
      const key = `${runId} ${now}`;
      const found = joins.kept.get(key) as Promise<Joining.Join> | undefined;
      if (found !== undefined) return found;
      const made = real.joinInputs(run);
      if (joins.areKept) joins.kept.set(key, made);
      return made;
    },
  };
});

const SUITE = "all orders of the calls of up to three runs at once";
const OTHER_NOW = "1997-06-20 12:34:56";
/** Of the clocks. */
const LAST = 9;

// The clock is the actors': who starts moves it on.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date", "performance"] }));
afterAll(() => void vi.useRealTimers());

const forecastOf = ({ forecast = "first" }: Asked) => forecast;
const seriesIn = (objects: Objects) => [...objects].filter(([key]) => key.endsWith(".csv"));

/** What the checks compare with. */
interface Stage {
  readonly inputs: ReturnType<typeof makeInputs>;
  /** A bucket in which the grid is stored, and nothing else. */
  readonly empty: Objects;
  /** The series of every run that there can be, by key. */
  readonly golden: ReadonlyMap<string, string>;
}

async function makeStage(): Promise<Stage> {
  const inputs = makeInputs();
  joins.areKept = false;
  joins.kept.clear();
  const first = await alone(inputs, new Map(), { mode: "new" });
  const empty = new Map([...first.objects].filter(([key]) => key.startsWith("grids/")));
  joins.areKept = true;
  const golden = new Map<string, string>();
  const others = (["second", "older", "newer"] as const).map((forecast) => ({ forecast }));
  for (const asked of [{}, { now: OTHER_NOW }, ...others]) {
    const { objects, end } = await alone(inputs, empty, { mode: "force", ...asked });
    expect(end.status).toBe("complete");

    for (const [key, text] of seriesIn(objects)) golden.set(key, text);
  }
  // Two stations of five runs.
  expect(new Set(golden.values()).size).toBe(10);
  return { inputs, empty, golden };
}

/** One actor that works alone, to its end, when all others are. */
async function alone(inputs: Stage["inputs"], objects: Objects, asked: Asked) {
  const time = Date.now();
  const copy = new Map(objects);
  const end = (await actor("alone", LAST, asked, inputs[forecastOf(asked)]).act(bucketOf(copy))) as ActorEnd;
  vi.setSystemTime(time);
  return { objects: copy, end };
}

function documents<T>(objects: Objects, name: string): T[] {
  return [...objects].flatMap(([key, text]) => (key.endsWith(`/${name}.json`) ? [JSON.parse(text) as T] : []));
}

/** Whether the bucket has all series of a manifest or of latest.json. */
function hasAll(objects: Objects, series = ""): boolean {
  return ["1", "2"].every((station) => objects.has(series.replace("{station}", station)));
}

const isComplete = ({ status }: Manifest) => status === "complete";

/** Sorts as what latest.json names does: by the forecast, then by when its run was claimed. */
const ageOf = ({ forecast: { issued }, claimedAt }: Latest) => `${issued} ${claimedAt}`;

/** What must be true whatever happened, and whoever was stopped. */
function checks({ inputs, golden }: Stage, all: readonly Asked[]): Checks {
  const forecasts = new Set(all.map(forecastOf));
  const resumed = new Set<string>();
  return {
    async state(now) {
      const { objects } = now;
      for (const [key, text] of seriesIn(objects)) {
        if (golden.get(key) !== text) throw new Error(`${key} is not as it would be of a run alone: ${text}`);
      }
      for (const manifest of documents<Manifest>(objects, "manifest")) {
        if (isComplete(manifest) && !hasAll(objects, manifest.series))
          throw new Error(`${manifest.runId} is not complete`);
      }
      for (const { series } of documents<Latest>(objects, "latest")) {
        if (!hasAll(objects, series)) throw new Error("latest.json names series that are not there");
      }
      const id = now.objectsId();
      if (resumed.has(id)) return;
      resumed.add(id);
      for (const forecast of forecasts) {
        const after = await alone(inputs, objects, { mode: "resume", forecast });
        expect(after.end).toMatchObject({ status: "complete", written: 2, missing: 0 });
        for (const [key, text] of seriesIn(after.objects)) expect([key, text]).toEqual([key, golden.get(key)]);
      }
    },
    step(before, after) {
      const complete = documents<Manifest>(before, "manifest").filter(isComplete);
      const begunBy = (objects: Objects, id: string) =>
        documents<Claim>(objects, "claim").find(({ runId }) => runId === id)?.begunBy;
      for (const { runId } of complete) {
        const stays = documents<Manifest>(after, "manifest").some((is) => is.runId === runId && isComplete(is));
        // Who forces a run gives it up as it was.
        if (!stays && begunBy(before, runId) === begunBy(after, runId))
          throw new Error(`${runId} is no longer complete`);
      }
      const [[was], [is]] = [documents<Latest>(before, "latest"), documents<Latest>(after, "latest")];
      if (was !== undefined && (is === undefined || ageOf(is) < ageOf(was))) throw new Error("latest.json went back");
    },
    end({ objects, ends }) {
      const reached = [...ends.values()];
      const untold = reached.filter((end) => end instanceof Error && !isInputError(end, "Superseded"));
      expect(untold).toEqual([]);
      const failed = reached.filter((end) => end instanceof Error || (end as ActorEnd).status === "failed");
      for (const end of failed) {
        const error = end instanceof Error ? end.message : (end as { error?: string }).error;
        expect(error).toMatch(/taken over|not that of its claim|left no receipt/);
      }
      // Whoever was taken over, or disturbed by one who was, says so. Where nobody was, all is done.
      if (failed.length > 0 || reached.some((end) => (end as ActorEnd).status === "partial")) return;
      const manifests = documents<Manifest>(objects, "manifest");
      expect(manifests.every(isComplete)).toBe(true);
      expect(new Set(manifests.map(({ runId }) => runId)).size).toBeGreaterThanOrEqual(forecasts.size);
      const newest = documents<Claim>(objects, "claim").map(({ issue, claimedAt }) => `${issue.issued} ${claimedAt}`);
      expect(documents<Latest>(objects, "latest").map(ageOf)[0]! >= newest.toSorted().at(-1)!).toBe(true);
    },
  };
}

interface Scene {
  readonly what: string;
  readonly all: readonly Asked[];
  /** Whether a run of an older forecast has ended before. */
  readonly hasLatest?: boolean;
  /** Of so many states that `npm run test:faults` alone goes through them. */
  readonly isLong?: boolean;
  /** The answer to one conditional write of each can be lost. */
  readonly losses?: boolean;
}

const LONG = process.env["FAULT_SEEDS"] === "all";
const TWICE: readonly Asked[] = [{ mode: "new" }, { mode: "new" }];
const RESUMED: readonly Asked[] = [{ mode: "new" }, { mode: "resume" }];

const SCENES: readonly Scene[] = [
  { what: "an event that comes twice", all: TWICE },
  { what: "an event, and a resume", all: RESUMED },
  { what: "two files of one name", all: [{ mode: "new" }, { mode: "new", forecast: "second" }] },
  { what: "an older forecast that comes late", all: [{ mode: "new" }, { mode: "new", forecast: "older" }] },
  {
    what: "two forecasts, where an older one is the latest",
    all: [{ mode: "new", forecast: "newer" }, { mode: "new" }],
    hasLatest: true,
  },
  { what: "an event whose worker fails, and a resume", all: [{ mode: "new", isPoor: true }, { mode: "resume" }] },
  { what: "two resumes", all: [{ mode: "resume" }, { mode: "resume" }] },
  { what: "an event that comes twice, and answers that are lost", all: TWICE, losses: true },
  {
    what: "an event, and a forced run of another time",
    all: [{ mode: "new" }, { mode: "force", now: OTHER_NOW }],
    isLong: true,
  },
  {
    what: "an event, and one after the lease of the first",
    all: [{ mode: "new", isShort: true }, { mode: "new" }],
    isLong: true,
  },
  { what: "two forced runs of two times", all: [{ mode: "force" }, { mode: "force", now: OTHER_NOW }], isLong: true },
  { what: "an event that comes three times", all: [...TWICE, { mode: "new" }], isLong: true },
];

test.each(SCENES.filter(({ isLong = false }) => LONG || !isLong))(
  "every order of the calls, with each stopped at any of them, of $what",
  async ({ all, losses, hasLatest = false }) => {
    const stage = await makeStage();
    const start = hasLatest
      ? (await alone(stage.inputs, stage.empty, { mode: "new", forecast: "older" })).objects
      : stage.empty;
    const actors = all.map((asked, i) => actor("abc"[i]!, i, asked, stage.inputs[forecastOf(asked)]));
    const { states, ends } = await explore(start, actors, checks(stage, all), { losses: losses ?? false });
    tally(SUITE, "states, of each of which a resume makes golden bytes", states);
    expect(ends).toBeGreaterThan(0);
  },
);
