import { type Command, Option } from "commander";
import type { FetchOptions } from "../fetch-command.ts";
import { parseDays, parseFile, parseOut } from "../parse.ts";
import { endOnSignals } from "../signals.ts";

export function addFetch(program: Command): void {
  program
    .command("fetch")
    .description("fetch what publishers have, and a folder or bucket has not")
    .argument("[sources...]", "names of sources (default: all that --sources defines)")
    .option("--to <folder>", "where files land, laid out as the input bucket is", parseOut)
    .addOption(new Option("--sources <file>", "a sources.json with more or other sources").argParser(parseFile))
    .option("--look-back <days>", "how far back forecasts are asked for (default: as each source says)", parseDays)
    .option("--dry-run", "tell what would be asked for, and fetch nothing")
    .option("--list", "tell which sources there are, and fetch nothing")
    .action(fetchSources);
}

async function fetchSources(names: readonly string[], options: FetchOptions): Promise<void> {
  const { progressOn } = await import("../progress.ts");
  const { fetchCommand } = await import("../fetch-command.ts");
  const progress = await progressOn(process.stderr);
  endOnSignals(() => progress.stop());
  process.exitCode = await fetchCommand(names, options, progress);
}
