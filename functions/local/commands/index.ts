import type { Command } from "commander";
import { parseOut } from "../parse.ts";
import { say } from "../say.ts";

export function addIndex(program: Command): void {
  program
    .command("index")
    .description("make the index of all runs of a folder or bucket anew")
    .argument("<out>", "what a run was given as --out", parseOut)
    .action(index);
}

async function index(out: string): Promise<void> {
  const { remakeIndex } = await import("../index-command.ts");
  say(await remakeIndex(out));
}
