import type { Command } from "commander";
import type { CheckRequest } from "../check.ts";
import { EXIT } from "../exit.ts";
import { withHelp } from "../help.ts";
import { withFiles } from "../options.ts";
import { say } from "../say.ts";
import { endOnSignals } from "../signals.ts";

export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .description("tell what a run would say of its files, and run nothing")
    .action(tell);
  withFiles(command, "any");
  withHelp(command, {
    examples: [
      "s2s check -s inputs/stations/stations.xls",
      "s2s check -b inputs/observations/precip.mon.mean.1x1.nc \\\n  -f inputs/forecasts/CFSv2.Prec.20200625.202008.nc -s inputs/stations/stations.xls",
    ],
    exits: { [EXIT.complete]: "a run would take the files", [EXIT.failed]: "one of them would be refused" },
  });
}

async function tell(options: CheckRequest): Promise<void> {
  const { check } = await import("../check.ts");
  endOnSignals(() => {});
  const { text, usable } = await check(options);
  say(text);
  process.exitCode = usable ? EXIT.complete : EXIT.failed;
}
