import { type Command, Option } from "commander";
import { EXIT } from "../exit.ts";
import type { FetchOptions } from "../fetch-command.ts";
import { withHelp } from "../help.ts";
import { parseDays, parseInput, parseOut } from "../parse.ts";
import { endOnSignals, INTERRUPTED } from "../signals.ts";

export function addFetch(program: Command): void {
  const command = program
    .command("fetch")
    .description("fetch what publishers have, and a folder or bucket has not")
    .argument("[sources...]", "names of sources (default: all that --sources defines)")
    .option("-t, --to <folder>", "where files land, laid out as the input bucket is", parseOut)
    .addOption(
      new Option("--sources <file>", "a sources.json with more or other sources; - for stdin").argParser(parseInput),
    )
    .option("--look-back <days>", "how far back forecasts are asked for (default: as each source says)", parseDays)
    .option("-n, --dry-run", "tell what would be asked for, and fetch nothing")
    .option("--list", "tell which sources there are, and fetch nothing")
    .action(fetchSources);
  withHelp(command, {
    examples: [
      "s2s fetch --list",
      "s2s fetch cfsv2-weekly-prec -t inputs --look-back 1 --dry-run",
      "s2s fetch precl cfsv2-prec -t inputs    # needs the network",
    ],
    exits: {
      [EXIT.complete]: "nothing failed",
      [EXIT.failed]: "something was not fetched: its line says why",
      [EXIT.partial]: "nothing failed, but a source is late",
      ...INTERRUPTED,
    },
  });
}

async function fetchSources(names: readonly string[], options: FetchOptions): Promise<void> {
  const { progressOn } = await import("../progress.ts");
  const { fetchCommand } = await import("../fetch-command.ts");
  const progress = await progressOn(process.stderr);
  endOnSignals(() => progress.stop());
  process.exitCode = await fetchCommand(names, options, progress);
}
