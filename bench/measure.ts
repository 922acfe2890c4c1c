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

/** The time and memory of a command in every round. */
export interface Timing {
  readonly name: string;
  readonly seconds: readonly number[];
  /** Peak memory of the command's own process, without its children, MiB; NaN where the system does not tell. */
  readonly mebibytes: readonly number[];
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
  const timings = commands.map(({ name }) => ({ name, seconds: [] as number[], mebibytes: [] as number[], rounds }));
  for (let round = 0; round < count; round++) {
    for (const [i, command] of commands.entries()) {
      command.prepare?.(round);
      const { seconds, mebibytes } = await run(command, round);
      timings[i]!.seconds.push(seconds);
      timings[i]!.mebibytes.push(mebibytes);
      onRun(command.name, round, seconds);
    }
  }
  return timings;
}

/**
 * How many times as long `a` takes as `b`: the median of the rounds' own ratios.
 *
 * @throws Error for timings that were not made in turns: the machine may have been slower for one of them
 */
export function ratio(a: Timing, b: Timing): number {
  if (a.rounds !== b.rounds) throw new Error(`${a.name} and ${b.name} were not timed in turns: they have no ratio`);
  return median(a.seconds.map((seconds, round) => seconds / b.seconds[round]!));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

/** How often the memory of a running command is read. */
const LOOK_MS = 5;

function run({ name, program, args }: Command, round: number): Promise<{ seconds: number; mebibytes: number }> {
  return new Promise((resolve, reject) => {
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
      if (code === 0) resolve({ seconds, mebibytes });
      else reject(new Error(`${name} ended with ${code}: ${errors.slice(-2000)}`));
    });
  });
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
