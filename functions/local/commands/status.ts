import type { Command } from "commander";
import { parseOut } from "../parse.ts";
import { say } from "../say.ts";

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show the runs of a folder or bucket as a table")
    .argument("<out>", "what a run was given as --out", parseOut)
    .action(status);
}

async function status(out: string): Promise<void> {
  const { findRuns, statusTable } = await import("../runs.ts");
  say(statusTable(await findRuns(out)));
}
