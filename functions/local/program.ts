import { Command } from "commander";
import about from "../../package.json" with { type: "json" };
import { addCheck } from "./commands/check.ts";
import { addFetch } from "./commands/fetch.ts";
import { addIndex } from "./commands/index.ts";
import { addInspect } from "./commands/inspect.ts";
import { addOpen } from "./commands/open.ts";
import { addRun } from "./commands/run.ts";
import { addSample } from "./commands/sample.ts";
import { addServe } from "./commands/serve.ts";
import { addStatus } from "./commands/status.ts";
import { addWatch } from "./commands/watch.ts";
import { refuseRepeats } from "./repeats.ts";
import { say } from "./say.ts";

/** In the order of the help. */
const COMMANDS = [addRun, addWatch, addSample, addStatus, addOpen, addServe, addIndex, addInspect, addCheck, addFetch];

/**
 * The command with its options and help. What a command does is loaded when that is called, so that help, and what is wrong
 * on a command line, are told at once.
 */
export function s2sProgram(): Command {
  const program = new Command("s2s")
    .description("Joins gridded monthly observations with a sub-seasonal forecast into one CSV per weather station")
    .version(about.version)
    .configureOutput({ writeOut: (text) => say(text), writeErr: (text) => say(text, process.stderr) })
    .showHelpAfterError("(add --help for the options)")
    .exitOverride();
  for (const add of COMMANDS) add(program);
  refuseRepeats(program);
  return program;
}
