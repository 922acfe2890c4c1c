import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { FORECAST, inputs, s2s } from "../support/command.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";
import { seeds } from "./seeds.ts";
import { tally } from "./tally.ts";

const SUITE = "commands at once on one folder";
/** Of each forecast. */
const PROCESSES = 3;

/** The forecast of another day, with other values. */
const VALUES = 100;
const base = mkdtempSync(join(tmpdir(), "s2s-test-"));
afterAll(() => rmSync(base, { recursive: true }));
const other = join(base, FORECAST.replace("19970520", "19970521"));
const forecasts = [FORECAST, other];
/** The CSVs of each, as a command writes them that is alone. */
const golden = [texts(fixture("run/expected"))];

beforeAll(async () => {
  const bytes = readFileSync(fixture(`run/${FORECAST}`));
  for (let i = 1; i <= VALUES; i++) bytes.writeFloatBE(77, bytes.length - 4 * i);
  writeFileSync(other, bytes);
  const { csvs } = await command(other, join(base, "out"));
  golden.push(csvs!);
  assert.notDeepEqual(golden[1], golden[0]);
});

/** Runs the command; of a run that is complete, reads its CSVs at once. */
async function command(forecast: string, out: string, ...more: string[]) {
  const args = [...inputs({ forecast }), "--out", out, "--now", "1997-05-20T06:07:08", "--json"];
  const { code, stdout, stderr } = await s2s("run", ...args, ...more);
  if (code !== 0) return { code, stderr };
  const { series } = JSON.parse(stdout) as Manifest;
  return { code, stderr, csvs: texts(dirname(join(out, series!))) };
}

/** What a command says that leaves a run to another one. */
const LEFT_TO_ANOTHER = /^error: \S+: this run (is being done|was begun) by .*\n$/;

test.each(seeds(1, 20))("each is complete and has its CSVs, or says whose the run is (round %i)", async () => {
  const out = temporaryFolder();
  const all = (...more: string[]) =>
    Promise.all(
      forecasts.flatMap((forecast, i) =>
        Array.from({ length: PROCESSES }, async () => ({ i, ...(await command(forecast, out, ...more)) })),
      ),
    );
  // Nothing is there yet: all want the grid, and the same runs.
  const first = await all();
  const complete = first.filter(({ code }) => code === 0);
  expect(complete.map(({ stderr, csvs }) => [stderr, csvs])).toEqual(complete.map(({ i }) => ["", golden[i]]));
  expect(new Set(complete.map(({ i }) => i))).toEqual(new Set([0, 1]));
  const left = first.filter(({ code }) => code !== 0);
  const leftToAnother = { code: 1, stderr: expect.stringMatching(LEFT_TO_ANOTHER) };
  expect(left).toEqual(left.map(({ i }) => ({ i, ...leftToAnother })));
  tally(SUITE, "complete", complete.length);
  tally(SUITE, "left to another", left.length);
  // Those that are to do it in any case do it one after another.
  for (const { i, code, stderr, csvs } of await all("--force")) {
    expect([code, stderr, csvs]).toEqual([0, "", golden[i]]);
    tally(SUITE, "forced, complete");
  }
  expect(filesIn(out).filter((name) => name.startsWith(".growing"))).toEqual([]);
});
