import type { RunMode } from "../../lib/run/claim.ts";
import { EXIT } from "./exit.ts";
import { isOneForecast } from "./forecasts.ts";
import type { Progress } from "./progress.ts";
import type { LocalRuns } from "./run.ts";
import { say } from "./say.ts";

/** What `s2s run` is given. */
export interface RunOptions extends Omit<LocalRuns, "mode"> {
  readonly forecast: readonly string[];
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

type Output = Pick<RunOptions, "out" | "strict" | "json" | "quiet">;

/** Does the run of a forecast, or those of several, and tells how they ended. @returns the exit code */
export async function runCommand(options: RunOptions, progress: Progress): Promise<number> {
  const { resume, force, forecast } = options;
  const mode: RunMode = resume === true ? "resume" : force === true ? "force" : "new";
  const runs = { ...options, mode };
  const [first] = forecast;
  if (first !== undefined && isOneForecast(forecast)) return runOne(runs, first, options, progress);
  return runAll(runs, forecast, options, progress);
}

async function runOne(
  runs: LocalRuns,
  forecast: string,
  { out, strict, json, quiet }: Output,
  progress: Progress,
): Promise<number> {
  const { runLocally } = await import("./run.ts");
  const result = await runLocally({ ...runs, forecast }, progress);
  const { failureOf, strictText, summaryOf } = await import("./summary.ts");
  const { status } = result.manifest;
  if (json === true) say(`${JSON.stringify(result.manifest, null, 2)}\n`);
  else if (quiet !== true) say(summaryOf(result, out));
  else if (status !== "complete") say(failureOf(result, out), process.stderr);
  const mute = json === true || quiet === true;
  if (mute && result.unsaid !== undefined) say(`warning: ${result.unsaid}\n`, process.stderr);
  const refused = strict === true && status === "complete" ? strictText(result) : undefined;
  if (refused === undefined) return EXIT[status];
  say(refused, process.stderr);
  return EXIT.partial;
}

async function runAll(
  runs: LocalRuns,
  forecasts: readonly string[],
  { out, strict, json, quiet }: Output,
  progress: Progress,
): Promise<number> {
  const { runBatch, statusOf } = await import("./batch.ts");
  const { batchSummary, endText, strictTexts } = await import("./batch-summary.ts");
  const mute = json === true || quiet === true;
  const batch = await runBatch(runs, forecasts, progress, (end, manifest) => {
    if (json === true && manifest !== undefined) say(`${JSON.stringify(manifest)}\n`);
    if (mute && end.status !== "complete") say(`error: ${endText(end)}\n`, process.stderr);
  });
  if (!mute) say(batchSummary(batch, out));
  const status = statusOf(batch.ends);
  const refused = strict === true ? strictTexts(batch.ends) : [];
  for (const line of refused) say(line, process.stderr);
  return status === "complete" && refused.length > 0 ? EXIT.partial : EXIT[status];
}
