import type { Command } from "commander";
import { withHelp } from "../help.ts";
import { parseOut } from "../parse.ts";
import { say } from "../say.ts";

export function addIndex(program: Command): void {
  const command = program
    .command("index")
    .description("make the index of all runs of a folder or bucket anew")
    .argument("<folder>", "what a run was given as --out", parseOut)
    .action(index);
  withHelp(command, { examples: ["s2s index out"] });
}

async function index(out: string): Promise<void> {
  const { remakeIndex } = await import("../index-command.ts");
  say(await remakeIndex(out));
}
