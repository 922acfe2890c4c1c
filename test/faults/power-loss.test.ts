import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import type { RunMode } from "../../lib/run/claim.ts";
import type { Latest, Manifest } from "../../lib/run/records.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { FORECAST } from "../support/command.ts";
import { afterPowerLoss, type DiskLog, logDisk } from "../support/disk-log.ts";
import { filesIn } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { brokenFiles, contents } from "../support/run-folder.ts";
import { seeds } from "./seeds.ts";
import { tally, tallyFault } from "./tally.ts";

const SUITE = "runs whose machine loses its power";
const base = mkdtempSync(join(tmpdir(), "s2s-test-"));
afterAll(() => rmSync(base, { recursive: true }));
const out = join(base, "out");

/** A run into the folder, which it may find as another one left it. */
const run = (mode: RunMode) =>
  runLocally(
    {
      observations: fixture("run/precip.mon.mean.nc"),
      forecast: fixture(`run/${FORECAST}`),
      stations: fixture("run/stations.xls"),
      products: fixture("run/products.json"),
      out,
      now: "1997-05-20 06:07:08",
      gridMemory: 256,
      mode,
    },
    silent,
  );

/** What a run leaves, as digests and as bytes; and what the first run did to the folder, and one that did all again. */
let golden: Record<string, string>;
let left: Map<string, Buffer>;
let first: DiskLog;
let again: DiskLog;

beforeAll(async () => {
  first = logDisk(out);
  await run("new");
  first.end();
  golden = contents(out);
  left = new Map(filesIn(out).map((key) => [key, readFileSync(join(out, key))]));
  again = logDisk(out);
  await run("force");
  again.end();
});

/** Makes the folder what the disk has kept, as the machine finds it when it is started again. */
function restart(kept: ReadonlyMap<string, Buffer>): void {
  rmSync(out, { recursive: true, force: true });
  for (const [key, body] of kept) {
    const path = join(out, key);
    mkdirSync(dirname(path), { recursive: true });
    const isClaim = key.endsWith("/claim.json");
    writeFileSync(path, isClaim ? body.toString().replace(/("owner": "[^"]*:)[^":]*"/, '$1before"') : body);
  }
}

test.each(seeds(60, 1000))("a run that lost it at a moment of seed %i is resumed to the same bytes", async (seed) => {
  const random = mulberry32(seed);
  const [log, before] = random() < 0.7 ? [first, new Map<string, Buffer>()] : [again, left];
  const count = momentOf(log, random);
  const kept = afterPowerLoss(log.events, count, before, random);
  restart(kept);
  tallyFault(SUITE, log === first ? "in the first run" : "in a run that does all again");
  expect(falsehoods(log)).toEqual([]);
  const { manifest } = await run("resume");
  expect(manifest.status).toBe("complete");
  expect(contents(out)).toEqual(golden);
  tally(SUITE, "resumed to the same folder");
});

test("receipts that outlive their series are not believed", async () => {
  restart(new Map([...left].filter(([key]) => !/^prec\/|\/manifest\.json$/.test(key))));
  expect(filesIn(out).some((name) => name.includes("/receipts/"))).toBe(true);
  await run("resume");
  expect(contents(out)).toEqual(golden);
});

/** After so many events of a run; often where most is about to be flushed. */
function momentOf({ events }: DiskLog, random: () => number): number {
  const flushes = events.flatMap((event, i) => (event === "flushed" ? [i] : []));
  const moments = random() < 0.3 ? flushes : [...events.keys(), events.length];
  return moments[Math.floor(random() * moments.length)]!;
}

/** What the folder says to be there of the first run, and is not. Of one that is done again, it says so once that has ended. */
function falsehoods(log: DiskLog): string[] {
  if (log !== first) return [];
  const names = filesIn(out);
  const broken = new Set(brokenFiles(out, golden));
  const manifest = names.find((name) => name.endsWith("/manifest.json"));
  const { status } = manifest === undefined ? {} : (JSON.parse(readFileSync(join(out, manifest), "utf8")) as Manifest);
  const series = Object.keys(golden).filter((name) => name.startsWith("prec/") && name.endsWith(".csv"));
  const missing = series.filter((name) => !names.includes(name) || broken.has(name));
  const latest = names.find((name) => name.endsWith("/latest.json"));
  const named = latest && (JSON.parse(readFileSync(join(out, latest), "utf8")) as Latest).manifest;
  return [...(status === "complete" ? missing : []), ...(named === undefined || named === manifest ? [] : [named])];
}

describe("after its end", () => {
  test.each(seeds(10, 100))("a run loses nothing that its manifest names (seed %i)", (seed) => {
    const kept = afterPowerLoss(first.events, first.events.length, new Map(), mulberry32(seed));
    restart(kept);
    expect(falsehoods(first)).toEqual([]);
    const shown = ["/manifest.json", "/index.html", "/stations.csv", "/latest.json"];
    const names = Object.keys(golden).filter((name) => shown.some((end) => name.endsWith(end)));
    expect(names).toHaveLength(shown.length);
    const there = contents(out);
    expect(names.filter((name) => there[name] !== golden[name])).toEqual([]);
    expect(brokenFiles(out, golden).filter((name) => names.includes(name))).toEqual([]);
  });
});
