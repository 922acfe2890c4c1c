import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Inputs } from "./inputs.ts";
import { type Command, interleaved, type Timing } from "./measure.ts";

/** A figure that is compared: a ratio, or what has a target of its own. */
export interface Figure {
  readonly case: string;
  /** What was measured. */
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "MB" | "x" | "requests";
  /** The target: the largest or the smallest value that meets it, in the figure's own unit. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What a case of the benchmark works with. */
export interface Bench {
  readonly inputs: Inputs;
  /** Empty, and for this case alone. */
  readonly folder: string;
  /** Rounds in which all commands of the case are timed. */
  readonly runs: number;
  /** The same job in Python, `reference.py OUT --observations F --forecast F --stations F --mode M`, if it is there. */
  readonly peer: { readonly script: string; readonly python: string } | undefined;
  /** Whether cdo is there. */
  readonly cdo: boolean;
  /** Times commands in turns, and keeps what they took for the report. */
  readonly time: (commands: readonly Command[], runs?: number) => Promise<Timing[]>;
  /** Shows what is being done. */
  readonly say: (text: string) => void;
}

export const root = fileURLToPath(new URL("../", import.meta.url));
const NOW = "2020-06-30T12:34:56";

export interface RunOptions {
  readonly observations?: string;
  readonly forecast?: string;
  readonly stations?: keyof Inputs["stations"];
  /** The folder of a round. */
  readonly out: (round: number) => string;
  readonly prepare?: Command["prepare"];
}

/** A whole run of `s2s`, with the full-size inputs where no others are named. */
export function runCommand(name: string, { inputs }: Bench, options: RunOptions): Command {
  const { observations = inputs.observations, forecast = inputs.forecast, stations = 2000, out, prepare } = options;
  return {
    name,
    program: process.execPath,
    args: (round) => {
      const command = [join(root, "functions/s2s.js"), "run", "--quiet", "--now", NOW, "--out", out(round)];
      return [...command, ...inputArgs(observations, forecast, inputs.stations[stations])];
    },
    ...(prepare === undefined ? {} : { prepare }),
  };
}

/** The job in Python, in one of its modes. */
export function peerCommand(
  mode: "expert" | "pool",
  { inputs, peer }: Bench,
  out: string,
  forecast = inputs.forecast,
): Command[] {
  if (peer === undefined) return [];
  const { observations, stations } = inputs;
  const command = {
    name: `xarray, ${mode}`,
    program: peer.python,
    args: () => [peer.script, out, "--mode", mode, "--now", NOW, ...inputArgs(observations, forecast, stations[2000])],
  } satisfies Command;
  return [command];
}

function inputArgs(observations: string, forecast: string, stations: string): string[] {
  return ["--observations", observations, "--forecast", forecast, "--stations", stations];
}

/** Whether a program can be run. */
export function isThere(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** @param timings - takes what was timed */
export function makeBench(options: Omit<Bench, "time">, timings: Timing[]): Bench {
  return {
    ...options,
    async time(commands, runs = options.runs) {
      const timed = await interleaved(commands, runs, (name, round, seconds) => {
        options.say(`${name}: ${seconds.toFixed(2)} s, round ${round + 1} of ${runs}`);
      });
      timings.push(...timed);
      return timed;
    },
  };
}
