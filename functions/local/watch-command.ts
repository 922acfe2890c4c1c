import { oneLine } from "../../lib/printable.ts";
import { endText } from "./batch-summary.ts";
import { silent } from "./progress.ts";
import type { LocalRuns } from "./run.ts";
import { say } from "./say.ts";
import { watch } from "./watch.ts";

/** What `s2s watch` is given, beside the folder. */
export interface WatchOptions extends Omit<LocalRuns, "mode"> {
  /** Seconds from one look at the folder to the next. */
  readonly every: number;
  readonly json?: boolean;
}

/** Does the run of every forecast that lands in a folder, and tells how each ended, for ever. */
export async function watchCommand(folder: string, options: WatchOptions): Promise<never> {
  const { every, json } = options;
  if (json !== true) say(`watching ${folder}, every ${every} s\n`, process.stderr);
  return watch(options, folder, {
    everySeconds: every,
    progress: silent,
    onEnd(end, manifest) {
      if (json !== true) say(`${oneLine(endText(end))}\n`);
      else if (manifest !== undefined) say(`${JSON.stringify(manifest)}\n`);
      else say(`error: ${endText(end)}\n`, process.stderr);
    },
    onTrouble: (trouble) => say(`error: ${trouble.message}. It is tried again\n`, process.stderr),
  });
}
