import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Inputs } from "./inputs.ts";
import { type Command, interleaved, type Timing } from "./measure.ts";

/** A figure of the report, and what it is to be. */
export interface Figure {
  readonly case: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "ms" | "MB" | "x" | "requests";
  /** How many times the peer's time ours is to be less than, or the like: a limit in the figure's own unit. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What a case is given. */
export interface Bench {
  readonly inputs: Inputs;
  /** An empty folder of this case. */
  readonly folder: string;
  readonly runs: number;
  /** The job in Python, as `reference.py OUT --observations F --forecast F --stations F --mode M`, and what runs it. */
  readonly peer: { readonly script: string; readonly python: string } | undefined;
  readonly cdo: boolean;
  readonly time: (commands: readonly Command[], runs?: number) => Promise<Timing[]>;
  readonly say: (text: string) => void;
}

export const root = fileURLToPath(new URL("../", import.meta.url));
const NOW = "2020-06-30T12:34:56";

/** A whole run of the command line. */
export function runCommand(
  name: string,
  { inputs }: Bench,
  options: { observations?: string; stations?: keyof Inputs["stations"]; out: (round: number) => string },
  prepare?: (round: number) => void,
): Command {
  const { observations = inputs.observations, stations = 2000, out } = options;
  return {
    name,
    program: process.execPath,
    args: (round) => {
      const command = [join(root, "functions/s2s.js"), "run", "--quiet", "--now", NOW, "--out", out(round)];
      return [...command, ...inputArgs(observations, inputs.forecast, inputs.stations[stations])];
    },
    ...(prepare === undefined ? {} : { prepare }),
  };
}

export function gridCommand(name: string, archive: string, variable: string, out: (round: number) => string): Command {
  return {
    name,
    program: process.execPath,
    args: (round) => [join(root, "bench/grid-only.js"), archive, variable, out(round), "256"],
  };
}

/** The peer, one of its modes. */
export function peerCommand(mode: "expert" | "pool", { inputs }: Bench, peer: NonNullable<Bench["peer"]>, out: string) {
  const { observations, forecast, stations } = inputs;
  return {
    name: `xarray, ${mode}`,
    program: peer.python,
    args: () => [peer.script, out, "--mode", mode, "--now", NOW, ...inputArgs(observations, forecast, stations[2000])],
  } satisfies Command;
}

function inputArgs(observations: string, forecast: string, stations: string): string[] {
  return ["--observations", observations, "--forecast", forecast, "--stations", stations];
}

/** Whether a program can be run. */
export function isThere(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

export function makeBench(options: Omit<Bench, "time">): Bench {
  return {
    ...options,
    time: (commands, runs = options.runs) =>
      interleaved(commands, runs, (name, round, seconds) => {
        options.say(`${name}: ${seconds.toFixed(2)} s, round ${round + 1} of ${runs}`);
      }),
  };
}
