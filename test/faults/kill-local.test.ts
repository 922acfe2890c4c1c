import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mulberry32 } from "../../lib/sample/random.ts";
import { makeSample } from "../../lib/sample/sample.ts";
import { PROGRAM } from "../support/command.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";
import { brokenFiles, contents } from "../support/run-folder.ts";
import { seeds } from "./seeds.ts";
import { tally, tallyFault } from "./tally.ts";

const SUITE = "the local command, killed and resumed";
const all = seeds(5, 100);

/** Inputs, and the runs that were not killed. */
const base = mkdtempSync(join(tmpdir(), "s2s-test-"));
afterAll(() => rmSync(base, { recursive: true }));

let args: string[];
let golden: Record<string, string>;

beforeAll(async () => {
  const files = await makeSample(join(base, "inputs"), { resolution: 5, months: 480, stations: 250, seed: 7 });
  const inputs = Object.entries(files).flatMap(([name, path]) => [`--${name}`, path]);
  args = ["run", ...inputs, "--now", "2020-06-30T12:34:56", "--quiet"];
  const out = join(base, "out");
  assert.equal(await s2s(out, base), 0);
  golden = contents(out);
});

test.each(all)("killed at a moment of seed %i and resumed leaves the folder of a run that was not", async (seed) => {
  const random = mulberry32(seed);
  const [out, scratch] = [temporaryFolder(), temporaryFolder()];
  // Each seed has its part of what a run writes, so that together they are spread over all of it.
  const files = Object.keys(golden).length;
  const code = await s2s(out, scratch, Math.floor(((all.indexOf(seed) + random()) / all.length) * files));
  const stage = code === 0 ? "after its end" : stageOf(out);
  expect(brokenFiles(out, golden)).toEqual([]);
  tallyFault(SUITE, `killed ${stage}`);
  if (random() < 0.25) {
    tallyFault(SUITE, "killed again in the resume");
    await s2s(out, scratch, filesIn(out).length + Math.floor(random() * 100), "--resume");
  }
  expect(brokenFiles(out, golden)).toEqual([]);

  expect(await s2s(out, scratch, Infinity, "--resume")).toBe(0);
  expect(contents(out)).toEqual(golden);
  expect(readdirSync(scratch)).toEqual([]);
  tally(SUITE, "resumed to the same folder");
});

/**
 * Runs the command, and gives its exit code, null where it was killed.
 *
 * @param most - files in the folder when it is killed, which it may be amid the next one
 */
async function s2s(out: string, scratch: string, most = Infinity, ...more: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [PROGRAM, ...args, "--out", out, ...more], {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  if (most !== Infinity) {
    while (child.exitCode === null && filesIn(out).length < most) await setTimeout(1);
    child.kill("SIGKILL");
  }
  return ended;
}

/** How far a run came that was killed. */
function stageOf(out: string): string {
  const has = (pattern: RegExp) => filesIn(out).some((name) => pattern.test(name));
  if (!has(/\/claim\.json$/)) return "before its claim";
  if (!has(/\/plan\.json$/)) return "in its plan";
  if (!has(/^grids\/ready\//)) return has(/^grids\//) ? "in its grid" : "before its grid";
  if (!has(/\/manifest\.json$/)) return has(/\/receipts\//) ? "amid its chunks" : "in its first chunk";
  return has(/\/latest\.json$/) ? "after latest.json" : "after its manifest";
}
