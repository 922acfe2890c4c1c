import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
// @ts-expect-error: no types
import { openBundle } from "../functions/command-bundle.js";
import { cloud, fineGrid, gridOnly, otherSizes, wholeJob } from "./cases.ts";
import { type Bench, type Figure, isThere, makeBench, root } from "./context.ts";
import { manyForecasts } from "./hindcasts.ts";
import { makeInputs } from "./inputs.ts";
import { medianOf, type Timing } from "./measure.ts";
import { startUp } from "./start-up.ts";

const CASES: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  "start-up": startUp,
  job: wholeJob,
  grid: gridOnly,
  sizes: otherSizes,
  fine: fineGrid,
  hindcasts: manyForecasts,
  cloud,
};

const { peer, python, runs, work, only } = new Command("bench")
  .description(
    "Times full-size runs as whole processes, in turns with other programs that do the same job, where they are there",
  )
  .option(
    "--peer <script>",
    "the same job in Python: reference.py OUT --observations F --forecast F --stations F --mode M",
  )
  .option("--python <program>", "what runs the script", "python3")
  .option("--runs <n>", "rounds of every case", parseCount, 5)
  .option("--work <folder>", "where inputs are kept and runs write", join(tmpdir(), "s2s-fanout-bench"))
  .option("--only <cases>", `some of ${Object.keys(CASES).join(",")}`, parseCases, Object.keys(CASES))
  .parse()
  .opts<{ peer?: string; python: string; runs: number; work: string; only: string[] }>();

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Give a whole number from 1 on.");
  return count;
}

function parseCases(text: string): string[] {
  const names = text.split(",");
  const wrong = names.find((name) => !Object.hasOwn(CASES, name));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${Object.keys(CASES).join(", ")}.`);
  return names;
}

/** Processors that other work may use beside a command and not disturb it. */
const QUIET = 0.1;

const say = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

if ((openBundle as () => unknown)() === undefined) {
  throw new Error("the command's bundle is not made of these sources, which then are run: make it with npm run bundle");
}
const inputs = await makeInputs(join(work, "inputs"), say);
const cdo = isThere("cdo", "--version");
const figures: Figure[] = [];
const timings: Timing[] = [];
for (const name of only) {
  const folder = join(work, "runs", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = { inputs, folder, runs, cdo, say, peer: peer === undefined ? undefined : { script: peer, python } };
  const bench = makeBench(options, timings);
  figures.push(...(await CASES[name]!(bench)));
  rmSync(folder, { recursive: true, force: true });
}
say("");

const machine = `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const about = `Node ${process.version}, ${machine}, ${runs} rounds`;
writeFileSync(join(root, "bench/results.json"), `${JSON.stringify({ about, timings, figures }, null, 2)}\n`);
console.log(about);
if (peer === undefined) console.log("without --peer: our own figures alone");
if (!cdo) console.log("cdo is not there: no ratio to it");
console.log("\nmedians of each command");
console.table(timings.map(rowOf));
const disturbed = timings.filter((timing) => medianOf(timing, "others") > QUIET);
if (disturbed.length > 0) {
  const names = disturbed.map(({ name }) => name).join(", ");
  console.log(`the machine was busy with other work (over ${QUIET} of a processor) during: ${names}`);
}
console.table(
  figures.map((figure) => ({
    case: figure.case,
    figure: figure.what,
    value: `${digits(figure.value)} ${figure.unit}`,
    target: targetOf(figure),
    met: isMet(figure),
  })),
);

function rowOf(timing: Timing) {
  const seconds = timing.runs.map((run) => run.seconds);
  return {
    command: timing.name,
    rounds: seconds.length,
    s: digits(medianOf(timing, "seconds")),
    "s, least to most": `${digits(Math.min(...seconds))} to ${digits(Math.max(...seconds))}`,
    "CPU-s": digits(medianOf(timing, "processor")),
    faults: digits(medianOf(timing, "faults")),
    "peak MB": digits((medianOf(timing, "mebibytes") * 2 ** 20) / 1e6),
    "CPUs of others": digits(medianOf(timing, "others")),
  };
}

function digits(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

function targetOf({ atMost, atLeast }: Figure): string {
  if (atMost !== undefined) return `at most ${atMost}`;
  return atLeast === undefined ? "" : `at least ${atLeast}`;
}

function isMet({ value, atMost, atLeast }: Figure): string {
  if (atMost === undefined && atLeast === undefined) return "";
  return value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity) ? "yes" : "NO";
}
