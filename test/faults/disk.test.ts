import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { silent } from "../../functions/local/progress.ts";
import { type LocalRun, runLocally } from "../../functions/local/run.ts";
import { InputError } from "../../lib/errors.ts";
import { FORECAST, node, PROGRAM } from "../support/command.ts";
import { type DiskFault, isTried, watchDisk } from "../support/disk-faults.ts";
import { fixture } from "../support/golden.ts";
import { brokenFiles, contents } from "../support/run-folder.ts";
import { tally, tallyFault } from "./tally.ts";

const SUITE = "runs on a disk that fails";
const DISK_FAULTS = new URL("../support/disk-faults.ts", import.meta.url).href;
/** How a disk fails from one of its calls on, or at it alone. */
const KINDS: readonly Omit<DiskFault, "at">[] = [
  { error: "EIO", lasts: false },
  { error: "EIO", lasts: true },
  { error: "ENOSPC", lasts: true },
  { error: "EROFS", lasts: true },
];
/** Every call, or one of so many. */
const STEP = process.env["FAULT_SEEDS"] === "all" ? 1 : 61;
/** Of a kind, so that each test is a short one. */
const PARTS = STEP === 1 ? 6 : 1;

const base = mkdtempSync(join(tmpdir(), "s2s-test-"));
afterAll(() => rmSync(base, { recursive: true }));
const [inputs, out, temporary] = ["inputs", "out", "temporary"].map((name) => join(base, name)) as [
  string,
  string,
  string,
];
const request: Omit<LocalRun, "mode"> = {
  observations: join(inputs, "precip.mon.mean.nc"),
  forecast: join(inputs, FORECAST),
  stations: join(inputs, "stations.xls"),
  products: join(inputs, "products.json"),
  out,
  now: "1997-05-20 06:07:08",
  // So little that the grid goes through a file.
  gridMemory: 0.05,
};

/** What a run leaves that nothing disturbs, and the calls that it makes of the disk. */
let golden: Record<string, string>;
let calls: readonly string[];

beforeAll(async () => {
  cpSync(fixture("run"), inputs, { recursive: true });
  vi.stubEnv("TMPDIR", temporary);
  renew();
  // What is loaded once, and what is asked of the machine once.
  await runLocally({ ...request, mode: "new" }, silent);
  renew();
  const disk = watchDisk([base]);
  await runLocally({ ...request, mode: "new" }, silent);
  disk.end();
  calls = disk.calls;
  golden = contents(out);
  assert(calls.length > 1000);
});
afterAll(() => void vi.unstubAllEnvs());

function renew(): void {
  for (const folder of [out, temporary]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(temporary);
}

test.each(KINDS.flatMap((kind) => Array.from({ length: PARTS }, (_, part) => ({ ...kind, part }))))(
  "$error, lasting: $lasts: a message, nothing wrong, and a resume completes it (part $part)",
  async ({ part, ...kind }) => {
    const wrong: object[] = [];
    for (let at = 1 + part; at <= calls.length; at += PARTS * STEP) {
      const fault = { ...kind, at };
      // A write that follows is the first to fail: that is a case of its own.
      if (!isTried(fault, calls)) continue;
      const problems = [...(await underFault(fault)), ...(await resumed())];
      if (problems.length > 0) wrong.push({ ...fault, call: calls[at - 1], problems });
    }
    expect(wrong).toEqual([]);
  },
);

test.each<DiskFault>([
  { error: "EIO", at: 300, lasts: true },
  { error: "ENOSPC", at: 400, lasts: true },
  { error: "EROFS", at: 20, lasts: true },
])("the command says in one line what the disk says: $error", async (fault) => {
  renew();
  vi.stubEnv("DISK_FAULT", JSON.stringify({ folders: [base], fault }));
  const { forecast, observations, stations, products } = request;
  const files = Object.entries({ forecast, observations, stations, products, out });
  const options = files.flatMap(([name, path]) => [`--${name}`, String(path)]);
  const { code, stdout, stderr } = await node(["--import", DISK_FAULTS, PROGRAM, "run", ...options, "--quiet"]);
  vi.stubEnv("DISK_FAULT", undefined);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(new RegExp(`^error: \\S.*${fault.error}: .*\\. [A-Z].*\n$`));
});

/** What is wrong with a run on a disk that fails, and with what it leaves. */
async function underFault(fault: DiskFault): Promise<unknown[]> {
  renew();
  const disk = watchDisk([base], fault);
  const end = await runLocally({ ...request, mode: "new" }, silent).then(
    ({ manifest }) => manifest,
    (error: unknown) => error,
  );
  disk.end();
  tallyFault(SUITE, fault.lasts ? `${fault.error} from a call on` : fault.error);
  // The table of stations of a run that is not complete tells what is not there.
  const problems: unknown[] = brokenFiles(out, golden).filter((name) => !isTable(name));
  if (end instanceof Error) {
    tally(SUITE, "ended with a message, then resumed");
    if (!(end instanceof InputError)) problems.push(end.stack);
    return problems;
  }
  const { status, missing } = end as Awaited<ReturnType<typeof runLocally>>["manifest"];
  tally(SUITE, status === "complete" ? status : `${status}, then resumed`);
  if (status === "complete") {
    const left = contents(out);
    const series = Object.keys(golden).filter((name) => name.endsWith(".csv") && !isTable(name));
    problems.push(...series.filter((name) => left[name] !== golden[name]));
  }
  // What a chunk failed by is told by a text alone, which is to name the file.
  problems.push(...missing.flatMap(({ error }) => (error.startsWith(base) ? [] : [error])));
  return problems;
}

function isTable(name: string): boolean {
  return name.endsWith("/stations.csv");
}

/** What is wrong with the folder after a resume on a disk that works. */
async function resumed(): Promise<unknown[]> {
  // It may say that this process is at work, which of a command has ended.
  rmSync(join(out, ".growing"), { recursive: true, force: true });
  const { manifest } = await runLocally({ ...request, mode: "resume" }, silent);
  const left = contents(out);
  const names = new Set([...Object.keys(left), ...Object.keys(golden)]);
  const others = [...names].filter((name) => left[name] !== golden[name]);
  if (existsSync(join(out, ".growing"))) others.push(".growing");
  return manifest.status === "complete" ? others : [manifest.status, ...others];
}
