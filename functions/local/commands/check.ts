import type { Command } from "commander";
import type { CheckRequest } from "../check.ts";
import { EXIT } from "../exit.ts";
import { withFiles } from "../options.ts";
import { say } from "../say.ts";
import { endOnSignals } from "../signals.ts";

export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .description("tell what a run would say of its files, and run nothing")
    .action(tell);
  withFiles(command, "any");
}

async function tell(options: CheckRequest): Promise<void> {
  const { check } = await import("../check.ts");
  endOnSignals(() => {});
  const { text, usable } = await check(options);
  say(text);
  process.exitCode = usable ? EXIT.complete : EXIT.failed;
}
