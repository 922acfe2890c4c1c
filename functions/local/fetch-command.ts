import { InputError } from "../../lib/errors.ts";
import { EXIT } from "./exit.ts";
import { allSources, fetchTo, tableOfSources } from "./fetch.ts";
import type { Progress } from "./progress.ts";
import { say } from "./say.ts";

/** What `s2s fetch` is given, beside names of sources. */
export interface FetchOptions {
  readonly to?: string;
  readonly sources?: string;
  readonly lookBack?: number;
  readonly dryRun?: true;
  readonly list?: true;
}

/** Fetches, and tells what came of each file; or only what would be fetched, or which sources there are. @returns the exit code */
export async function fetchCommand(
  names: readonly string[],
  { to, list, ...options }: FetchOptions,
  progress: Progress,
): Promise<number> {
  if (list === true) {
    say(tableOfSources(await allSources(options.sources)));
    return EXIT.complete;
  }
  if (to === undefined) {
    const isNamed = names.length > 0 || options.sources !== undefined;
    throw new InputError("BadOption", `missing: ${isNamed ? "" : "[sources...], "}--to <folder>`, {
      hint: "s2s fetch --list tells which sources there are",
    });
  }
  const outcomes = await fetchTo({ ...options, names, to }, progress, (lines) => say(lines));
  progress.stop();
  if (outcomes.some(({ files }) => files.some(({ status }) => status === "failed"))) return EXIT.failed;
  // Of what nobody was asked for, nothing can be late.
  return options.dryRun !== true && outcomes.some(({ late }) => late !== undefined) ? EXIT.partial : EXIT.complete;
}
