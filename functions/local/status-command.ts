import { jsonText } from "../../lib/store/store.ts";
import { styled } from "./colour.ts";
import { findRuns, newestEnded, runsNamed } from "./runs.ts";
import { say, write } from "./say.ts";
import { stationRows, stationsOfRun } from "./stations-of-run.ts";
import { filtered, type RunFilter, statusRows, statusTable } from "./status.ts";

/** What `s2s status` is given, beside the folder and the run. */
export interface StatusOptions extends RunFilter {
  readonly stations?: true;
  readonly json?: true;
}

/** Shows the runs of a folder or bucket, or the stations of one of them. */
export async function statusCommand(
  out: string,
  name: string | undefined,
  { stations, json, ...filter }: StatusOptions,
): Promise<void> {
  const runs = filtered(runsNamed(await findRuns(out), name, out), filter);
  if (stations === true) {
    const csv = await stationsOfRun(out, newestEnded(runs, out).claim.runId);
    say(json === true ? jsonText(await stationRows(csv)) : csv);
    return;
  }
  const rows = statusRows(runs, out);
  if (json === true) say(jsonText(rows));
  // Its cells are printable.
  else write(statusTable(rows, (text, status) => styled(COLOURS[status], text, process.stdout)));
}

const COLOURS = { complete: "green", partial: "yellow", failed: "red", unfinished: "yellow" } as const;
