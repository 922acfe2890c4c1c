import { isAbsolute } from "node:path";
import type { Command } from "commander";
import { withHelp } from "../help.ts";
import { parseOut } from "../parse.ts";
import { say } from "../say.ts";

export function addOpen(program: Command): void {
  const command = program
    .command("open")
    .description("print where the page of a run is, and on a desktop open it")
    .argument("<folder>", "what the run was given as --out", parseOut)
    .argument("[run]", "how its id, or forecast, begins (default: the newest that has ended)")
    .action(open);
  withHelp(command, { examples: ["s2s open out", "s2s open out prec-20200625"] });
}

async function open(out: string, run: string | undefined): Promise<void> {
  const [{ newestPage }, { isDesktop, openPage }] = await Promise.all([
    import("../runs.ts"),
    import("../open-page.ts"),
  ]);
  const page = await newestPage(out, run);
  say(`${page}\n`);
  // In a bucket the page is as private as that: no browser is let in.
  if (isAbsolute(page) && isDesktop(process.env, process.platform, process.stdout.isTTY)) openPage(page);
}
