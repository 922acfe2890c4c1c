import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, copyFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { FORECAST, PROGRAM, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const expected = texts(fixture("run/expected"));
const golden = readFileSync(fixture(`run/${FORECAST}`));
const nameOf = (day: number) => `CFSv2.Prec.199705${day}.199707.nc`;

interface Watch {
  readonly child: ChildProcess;
  /** Lines of stdout so far, and of stderr. */
  readonly lines: string[];
  readonly troubles: string[];
  /** When something holds. @throws Error where the watch ends before */
  readonly until: (holds: () => boolean) => Promise<void>;
  /** When there are so many lines of stdout. */
  readonly told: (count: number) => Promise<void>;
}

interface Changed {
  readonly observations?: string;
  readonly products?: string;
}

function watch(folder: string, out: string, changed: Changed = {}): Watch {
  const { observations = fixture("run/precip.mon.mean.nc"), products = fixture("run/products.json") } = changed;
  const args = ["watch", folder, "--out", out, "--every", "0.3", "--now", "1997-05-20T06:07:08"];
  args.push("--observations", observations, "--stations", fixture("run/stations.xls"));
  const child = spawn(process.execPath, [PROGRAM, ...args, "--products", products]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [lines, troubles]: string[][] = [[], []];
  const gather = (into: string[]) => (text: string) => void into.push(...text.trimEnd().split("\n"));
  child.stdout.setEncoding("utf8").on("data", gather(lines!));
  child.stderr.setEncoding("utf8").on("data", gather(troubles!));
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      if (child.exitCode !== null) throw new Error(`the watch ended: ${troubles!.join("\n")}`);
      await sleep(20);
    }
  };
  return { child, lines: lines!, troubles: troubles!, until, told: (count) => until(() => lines!.length >= count) };
}

/** A forecast that differs from the golden one in bytes behind its values. */
function land(folder: string, day: number): void {
  writeFileSync(join(folder, "landing"), Buffer.concat([golden, Buffer.alloc(day)]));
  renameSync(join(folder, "landing"), join(folder, nameOf(day)));
}

const seriesOf = (out: string, day: number) => seriesIn(out, `prec/199705${day}.199707`);

test("every forecast that lands is run once it is whole, until the watch is stopped", async () => {
  const [folder, out] = [temporaryFolder(), temporaryFolder()];
  land(folder, 20);
  writeFileSync(join(folder, "CFSv2.Prec.19970520.199707.nc.md5"), "a checksum");
  const { child, lines, troubles, told } = watch(folder, out);
  await told(1);
  // Written in parts for longer than it takes to look again.
  writeFileSync(join(folder, nameOf(21)), golden.subarray(0, 900));
  for (let at = 900; at < golden.length; at += 900) {
    await sleep(120);
    appendFileSync(join(folder, nameOf(21)), golden.subarray(at, at + 900));
  }
  appendFileSync(join(folder, nameOf(21)), Buffer.alloc(21));
  await told(2);
  expect(lines.map((line) => line.replace(/ in [0-9.]+ s/, ""))).toEqual([
    expect.stringMatching(/^CFSv2\.Prec\.19970520\.199707\.nc: complete, 20 of 20 stations, 13 warnings, prec-/),
    expect.stringMatching(/^CFSv2\.Prec\.19970521\.199707\.nc: complete, 20 of 20 stations/),
  ]);
  for (const day of [20, 21]) expect(seriesOf(out, day)).toEqual(expected);
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(troubles.at(-2)).toBe("stopped. This goes on:");
  expect(troubles.at(-1)).toContain(" watch ");
});

test("one that is the mean of several initialisations is made of those that have landed before it", async () => {
  const [folder, out] = [temporaryFolder(), temporaryFolder()];
  const products = join(temporaryFolder(), "products.json");
  const text = readFileSync(fixture("run/products.json"), "utf8");
  const within = '"initialisations": { "last": 2, "within": "15 days" }';
  writeFileSync(products, text.replace('"forecast": {', `"forecast": { ${within},`));
  const first = watch(folder, out, { products });
  land(folder, 19);
  await first.told(1);
  land(folder, 20);
  await first.told(2);
  const means = readdirSync(join(out, "runs")).map((runId) => {
    const manifest = JSON.parse(readFileSync(join(out, "runs", runId, "manifest.json"), "utf8")) as Manifest;
    return manifest.forecast?.initialisations;
  });
  expect(means.sort((one = [], other = []) => one.length - other.length)).toEqual([
    ["19970519"],
    ["19970520", "19970519"],
  ]);
  expect(seriesOf(out, 20)).toEqual(expected);
  first.child.kill("SIGINT");
  await once(first.child, "close");
  const again = watch(folder, out, { products });
  land(folder, 21);
  await again.told(1);
  expect(again.lines).toEqual([expect.stringContaining("CFSv2.Prec.19970521.199707.nc: complete")]);
});

test("one that fails is told, and run when another takes its place", async () => {
  const [folder, out] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(folder, nameOf(20)), golden.subarray(0, 900));
  const { lines, told } = watch(folder, out);
  await told(1);
  expect(lines[0]).toMatch(/19970520\.199707\.nc: failed: .*truncated/);
  land(folder, 20);
  await told(2);
  expect(lines[1]).toMatch(/19970520\.199707\.nc: complete/);
});

test("what is done is left by the next watch, also where the archive is another, and what was killed is ended", async () => {
  const [folder, out] = [temporaryFolder(), temporaryFolder()];
  const archive = join(temporaryFolder(), "precip.nc");
  copyFileSync(fixture("run/precip.mon.mean.nc"), archive);
  land(folder, 20);
  const first = watch(folder, out, { observations: archive });
  await first.told(1);
  land(folder, 21);
  // Killed amid its run, or before, or after.
  await sleep(450);
  first.child.kill("SIGKILL");
  await once(first.child, "close");

  appendFileSync(archive, "\0");
  land(folder, 22);
  const second = watch(folder, out, { observations: archive });
  await second.until(() => second.lines.some((line) => line.startsWith(nameOf(22))));
  expect(second.lines.filter((line) => line.startsWith(nameOf(20)))).toEqual([]);
  for (const day of [20, 22]) expect(seriesOf(out, day)).toEqual(expected);
  const { stdout } = await s2s("status", out);
  expect(stdout.match(/19970520\.199707/g)).toHaveLength(2);
  expect(stdout).toMatch(/19970521\.199707 +complete/);
});

test("trouble with what all runs share is told once, and the runs are done when it is over", async () => {
  const [folder, out] = [temporaryFolder(), temporaryFolder()];
  const archive = join(temporaryFolder(), "precip.nc");
  land(folder, 20);
  const { troubles, told, until } = watch(folder, out, { observations: archive });
  await until(() => troubles.length >= 2);
  await sleep(1000);
  expect(troubles).toEqual([
    `watching ${folder}, every 0.3 s`,
    expect.stringMatching(/^error: .*precip\.nc: cannot be read: .*It is tried again$/),
  ]);
  copyFileSync(fixture("run/precip.mon.mean.nc"), archive);
  await told(1);
  expect(seriesOf(out, 20)).toEqual(expected);
});

test("a bucket is not watched", async () => {
  const files = ["--observations", "a.nc", "--stations", "s.csv", "--out", temporaryFolder()];
  const { code, stderr } = await s2s("watch", "s3://bucket/forecasts/a.nc", ...files);
  expect([code, stderr]).toEqual([2, expect.stringContaining("is in a bucket, which is not watched. Watch a folder")]);
});
