import type { Command } from "commander";
import { withHelp } from "../help.ts";
import { parseOut, parsePort } from "../parse.ts";
import type { ServeOptions } from "../serve-command.ts";
import { endOnSignals, INTERRUPTED } from "../signals.ts";

export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .description("show the pages of a folder on this machine, and all runs at a glance while they go on")
    .argument("<folder>", "what a run was given as --out", parseOut)
    .option("--port <number>", "on 127.0.0.1; 0 is any that is free", parsePort, 8000)
    .action(serve);
  withHelp(command, { examples: ["s2s serve out", "s2s serve out --port 0"], exits: INTERRUPTED });
}

async function serve(out: string, options: ServeOptions): Promise<void> {
  const { serveCommand } = await import("../serve-command.ts");
  endOnSignals(() => {});
  await serveCommand(out, options);
}
