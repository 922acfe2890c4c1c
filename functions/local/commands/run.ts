import { type Command, Option } from "commander";
import { resumeCommand } from "../again.ts";
import { EXIT } from "../exit.ts";
import { withHelp } from "../help.ts";
import { keepYoungSmall } from "../memory.ts";
import { withFiles, withOutput } from "../options.ts";
import type { RunOptions } from "../run-command.ts";
import { say } from "../say.ts";
import { endOnSignals, INTERRUPTED } from "../signals.ts";

export function addRun(program: Command): void {
  const command = program
    .command("run")
    .description("make the series of all stations for one forecast, or for several")
    .action(run);
  withOutput(withFiles(command, "all"))
    .addOption(new Option("--resume", "finish a run that was stopped: do what has no receipt").conflicts("force"))
    .option("--force", "do all of a run again, even one that is not finished")
    .option("--strict", "end with exit code 3 if a row of the table or a station cannot be used")
    .option("--json", "print the manifest on stdout, and nothing else")
    .option("-q, --quiet", "print nothing but errors");
  withHelp(command, {
    examples: [
      `s2s run -b inputs/observations/precip.mon.mean.1x1.nc \\
  -f inputs/forecasts/CFSv2.Prec.20200625.202008.nc \\
  -s inputs/stations/stations.xls -o out`,
      `s2s run -b 'inputs/observations/*.nc' -f inputs/forecasts \\
  -s - -o out --now 2020-06-30 --json < inputs/stations/stations.xls`,
    ],
    exits: {
      [EXIT.complete]: "the run is complete",
      [EXIT.partial]: "some stations were not written; with --strict: or cannot be used",
      ...INTERRUPTED,
    },
  });
}

async function run(options: RunOptions): Promise<void> {
  const { progressOn, silent } = await import("../progress.ts");
  const { runCommand } = await import("../run-command.ts");
  keepYoungSmall();
  const progress = options.json === true || options.quiet === true ? silent : await progressOn(process.stderr);
  endOnSignals(() => {
    progress.stop();
    say(`\nstopped. What is left is done by:\n  ${resumeCommand(process)}\n`, process.stderr);
  });
  process.exitCode = await runCommand(options, progress);
}
