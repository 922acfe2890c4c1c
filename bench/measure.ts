import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** A command that is timed as a whole process. */
export interface Command {
  readonly name: string;
  readonly program: string;
  /** The arguments in a round, counted from 0: a command may need a folder of its own in each. */
  readonly args: (round: number) => readonly string[];
  /** Done before the command, and not timed. */
  readonly prepare?: (round: number) => void;
}

/** What one run of a command took. What the system does not tell is NaN: all but the seconds are of Linux alone. */
export interface Measured {
  readonly seconds: number;
  /** Seconds of the processors, of the command and all that it started. */
  readonly processor: number;
  /** Pages of memory that it was given, also of the command and all that it started. */
  readonly faults: number;
  /** Peak memory of the command's own process, without its children, MiB. */
  readonly mebibytes: number;
  /** How many processors others used meanwhile, on average; what a host took from this machine counts as others. */
  readonly others: number;
}

/** What a command took in every round. */
export interface Timing {
  readonly name: string;
  readonly runs: readonly Measured[];
  /** Which call of {@link interleaved} measured it: only timings of the same call are compared. */
  readonly rounds: symbol;
}

/**
 * Runs all commands once in every round, in turns, so that a slow minute of the machine slows all of them.
 *
 * @throws Error where a command fails
 */
export async function interleaved(
  commands: readonly Command[],
  count: number,
  onRun: (name: string, round: number, seconds: number) => void,
): Promise<Timing[]> {
  const rounds = Symbol("rounds");
  const timings = commands.map(({ name }) => ({ name, runs: [] as Measured[], rounds }));
  for (let round = 0; round < count; round++) {
    for (const [i, command] of commands.entries()) {
      command.prepare?.(round);
      const measured = await run(command, round);
      timings[i]!.runs.push(measured);
      onRun(command.name, round, measured.seconds);
    }
  }
  return timings;
}

/** The median of one measure of a command. */
export function medianOf({ runs }: Timing, measure: keyof Measured): number {
  return median(runs.map((each) => each[measure]));
}

/**
 * How many times as much `a` takes as `b`: the median of the rounds' own ratios.
 *
 * @throws Error for timings that were not made in turns: the machine may have been slower for one of them
 */
export function ratio(a: Timing, b: Timing, measure: keyof Measured = "seconds"): number {
  if (a.rounds !== b.rounds) throw new Error(`${a.name} and ${b.name} were not timed in turns: they have no ratio`);
  return median(a.runs.map((each, round) => each[measure] / b.runs[round]![measure]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

/** How often the memory of a running command is read. */
const LOOK_MS = 5;

function run({ name, program, args }: Command, round: number): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const before = usage();
    const started = performance.now();
    const child = spawn(program, args(round), { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    let mebibytes = Number.NaN;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const look = setInterval(() => (mebibytes = peakOf(child.pid) ?? mebibytes), LOOK_MS);
    child.on("error", (cause) => {
      clearInterval(look);
      reject(new Error(`${name}: ${program} cannot be started`, { cause }));
    });
    child.on("exit", (code) => {
      const seconds = (performance.now() - started) / 1000;
      clearInterval(look);
      if (code !== 0) {
        reject(new Error(`${name} ended with ${code}: ${errors.slice(-2000)}`));
        return;
      }
      const after = usage();
      const processor = after.children - before.children;
      const others = (after.machine - before.machine - processor - (after.own - before.own)) / seconds;
      resolve({ seconds, processor, faults: after.faults - before.faults, mebibytes, others: Math.max(0, others) });
    });
  });
}

/** In which Linux counts the time of processors. */
const TICKS_A_SECOND = 100;

/** Processor time so far, s: of this process, of its children that have ended, of the machine; and faults of those children. */
function usage() {
  const [own, machine] = [numbersIn("/proc/self/stat"), numbersIn("/proc/stat")];
  const seconds = (...ticks: (number | undefined)[]) =>
    ticks.reduce<number>((sum, n) => sum + (n ?? Number.NaN), 0) / TICKS_A_SECOND;
  // Both as proc(5) has them; of the first the name is left out, which may have blanks.
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = machine;
  return {
    own: seconds(own[11], own[12]),
    children: seconds(own[13], own[14]),
    faults: own[8] ?? Number.NaN,
    machine: seconds(user, nice, system, interrupts, softInterrupts, stolen),
  };
}

/** The numbers of the first line of a file, behind its name. */
function numbersIn(path: string): number[] {
  try {
    const [line = ""] = readFileSync(path, "utf8").split("\n");
    return line
      .replace(/^.*\) |^cpu +/, "")
      .split(" ")
      .map(Number);
  } catch {
    return [];
  }
}

/** The peak memory of a running process, MiB, where Linux tells it. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line === null ? undefined : Number(line[1]) / 1024;
  } catch {
    return undefined;
  }
}
