import type { Command } from "commander";
import { sameCommand } from "../again.ts";
import { withHelp } from "../help.ts";
import { keepYoungSmall } from "../memory.ts";
import { withFiles, withOutput } from "../options.ts";
import { parseFile, parseSeconds } from "../parse.ts";
import { say } from "../say.ts";
import { endOnSignals, INTERRUPTED } from "../signals.ts";
import type { WatchOptions } from "../watch-command.ts";

export function addWatch(program: Command): void {
  const command = program
    .command("watch")
    .description("make the series of every forecast that lands in a folder, until it is stopped")
    .argument("<folder>", "where forecasts land", parseFile)
    .action(watch);
  withOutput(withFiles(command, "shared"))
    .option("--every <seconds>", "from one look at the folder to the next", parseSeconds, 10)
    .option("--json", "print the manifests on stdout, a line each, and nothing else");
  withHelp(command, {
    examples: [
      `s2s watch inputs/forecasts -b inputs/observations/precip.mon.mean.1x1.nc \\
  -s inputs/stations/stations.xls -o out`,
    ],
    exits: INTERRUPTED,
  });
}

async function watch(folder: string, options: WatchOptions): Promise<void> {
  const { watchCommand } = await import("../watch-command.ts");
  keepYoungSmall();
  endOnSignals(() => say(`\nstopped. This goes on:\n  ${sameCommand(process)}\n`, process.stderr));
  await watchCommand(folder, options);
}
