import { type Command, Option } from "commander";
import { withHelp } from "../help.ts";
import { productOption } from "../options.ts";
import { parseCount, parseOut, parseTime } from "../parse.ts";
import type { StatusOptions } from "../status-command.ts";
import { STATUSES } from "../statuses.ts";

export function addStatus(program: Command): void {
  const command = program
    .command("status")
    .description("show the runs of a folder or bucket, or the stations of one of them")
    .argument("<folder>", "what runs were given as --out", parseOut)
    .argument("[run]", "those alone whose id, or forecast, begins so")
    .addOption(productOption("runs of that product alone"))
    .addOption(new Option("--status <status>", "runs of that status alone").choices(STATUSES))
    .option("--since <time>", "runs alone that ended then or later: a UTC time, or a day for its midnight", parseTime)
    .option("-l, --limit <n>", "so many of the newest", parseCount)
    .option("--stations", "print the table of the stations of the newest of them, as CSV")
    .option("--json", "print JSON on stdout")
    .action(status);
  withHelp(command, {
    examples: [
      "s2s status out",
      "s2s status out --product prec --status complete --since 2020-06-01 --limit 5 --json",
      "s2s status out prec-20200625 --stations > stations.csv",
    ],
  });
}

async function status(out: string, run: string | undefined, options: StatusOptions): Promise<void> {
  const { statusCommand } = await import("../status-command.ts");
  await statusCommand(out, run, options);
}
