import { Command } from "commander";
import about from "../../package.json" with { type: "json" };
import { addCheck } from "./commands/check.ts";
import { addCompletion } from "./commands/completion.ts";
import { addFetch } from "./commands/fetch.ts";
import { addHelp } from "./commands/help.ts";
import { addIndex } from "./commands/index.ts";
import { addInspect } from "./commands/inspect.ts";
import { addOpen } from "./commands/open.ts";
import { addRun } from "./commands/run.ts";
import { addSample } from "./commands/sample.ts";
import { addServe } from "./commands/serve.ts";
import { addStatus } from "./commands/status.ts";
import { addWatch } from "./commands/watch.ts";
import { HELP, withHelp } from "./help.ts";
import { refuseRepeats } from "./repeats.ts";
import { write } from "./say.ts";
import { refuseInWords, refuseUnknownHelp, requireWhole } from "./usage.ts";

/** In the order of the help. */
const COMMANDS = [
  addSample,
  addRun,
  addWatch,
  addStatus,
  addOpen,
  addServe,
  addIndex,
  addInspect,
  addCheck,
  addFetch,
  addCompletion,
  addHelp,
];

/**
 * The command with its options and help. What a command does is loaded when that is called, so that help, and what is wrong
 * on a command line, are told at once.
 */
export function s2sProgram(): Command {
  const program = new Command("s2s")
    .description("Joins gridded monthly observations with a sub-seasonal forecast into one CSV per weather station")
    .version(about.version)
    // Nothing of this is from a file.
    .configureOutput({ writeOut: (text) => write(text), writeErr: (text) => write(text, process.stderr) })
    .configureHelp(HELP)
    .hook("preAction", (_, command) => requireWhole(command));
  for (const add of COMMANDS) add(program);
  refuseRepeats(program);
  refuseInWords(program);
  refuseUnknownHelp(program);
  return withHelp(program, { examples: ["s2s help run", "s2s sample --out inputs"] });
}
