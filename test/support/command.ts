import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "../../lib/run/records.ts";
import { fixture, texts } from "./golden.ts";

/** The command line's program, for Node. */
export const PROGRAM = fileURLToPath(new URL("../../functions/local.ts", import.meta.url));
/** The name of the forecast of the golden run, and the folder that has a folder for the series of each of its runs. */
export const FORECAST = "CFSv2.Prec.19970520.199707.nc";
export const SERIES = "prec/19970520.199707";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a process of its own. */
export function s2s(...args: string[]): Promise<Outcome> {
  return node([PROGRAM, ...args]);
}

/**
 * Runs Node with these arguments.
 *
 * @param watch - told what has been printed on stderr so far, whenever that is more
 */
export function node(args: readonly string[], watch?: (stderr: string) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      watch?.(stderr);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The golden run into the folder `out`. */
export function run(out: string, ...args: string[]): Promise<Outcome> {
  return s2s("run", ...inputs(), "--out", out, "--now", "1997-05-20T06:07:08", ...args);
}

/** Options with the inputs of the golden run, or others in their place: names of its fixtures, or paths. */
export function inputs({
  observations = "precip.mon.mean.nc",
  forecast = FORECAST,
  stations = "stations.xls",
} = {}): string[] {
  const path = (name: string) => (name.startsWith("/") ? name : fixture(`run/${name}`));
  return [
    ["--observations", path(observations)],
    ["--forecast", path(forecast)],
    ["--stations", path(stations)],
    ["--products", fixture("run/products.json")],
  ].flat();
}

/** The manifest of the only run in the folder. */
export function manifestIn(out: string): Manifest {
  const [runId] = readdirSync(join(out, "runs")) as [string];
  return JSON.parse(readFileSync(join(out, "runs", runId, "manifest.json"), "utf8")) as Manifest;
}

/** The folder of the series of the only run of a forecast, by default the golden one, in the folder. */
export function seriesFolder(out: string, forecast = SERIES): string {
  const runs = readdirSync(join(out, forecast));
  if (runs.length !== 1) throw new Error(`there are series of ${runs.length} runs: ${runs.join(", ")}`);
  return join(out, forecast, runs[0]!);
}

/** The CSVs in there, by their names. */
export function seriesIn(out: string, forecast = SERIES): Record<string, string> {
  return texts(seriesFolder(out, forecast));
}

/** A run of the golden inputs by the command's own function, with others in their place where they are named. */
export function localRequest(named: {
  readonly observations: string;
  readonly out: string;
  readonly forecast?: string;
}) {
  return {
    forecast: fixture("run/CFSv2.Prec.19970520.199707.nc"),
    stations: fixture("run/stations.xls"),
    products: fixture("run/products.json"),
    now: "1997-05-20 06:07:08",
    mode: "new" as const,
    gridMemory: 256,
    ...named,
  };
}
