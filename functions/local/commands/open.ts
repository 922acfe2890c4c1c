import { isAbsolute } from "node:path";
import type { Command } from "commander";
import { parseOut } from "../parse.ts";
import { say } from "../say.ts";

export function addOpen(program: Command): void {
  program
    .command("open")
    .description("print where the page of the newest run is, and on a desktop open it")
    .argument("<out>", "what a run was given as --out", parseOut)
    .action(open);
}

async function open(out: string): Promise<void> {
  const [{ newestPage }, { isDesktop, openPage }] = await Promise.all([
    import("../runs.ts"),
    import("../open-page.ts"),
  ]);
  const page = await newestPage(out);
  say(`${page}\n`);
  // In a bucket the page is as private as that: no browser is let in.
  if (isAbsolute(page) && isDesktop(process.env, process.platform, process.stdout.isTTY)) openPage(page);
}
