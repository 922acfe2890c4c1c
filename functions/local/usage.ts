import type { Command, CommanderError } from "commander";
import { oneLine } from "../../lib/printable.ts";
import { missingOf } from "./required.ts";
import { STDIN } from "./stdin.ts";

/** A command line that is wrong: how, and which help tells what is right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Has this command, and those below it, throw a {@link UsageError} for all that is wrong with a command line: commander itself
 * tells one of the things that are missing, and of a command that there is not no other.
 */
export function refuseInWords(command: Command): void {
  command
    // Told by whoever catches it, as any other error is.
    .configureOutput({ outputError: () => {} })
    .exitOverride((error) => {
      // Help and versions, which are printed by now, are no errors.
      throw error.exitCode === 0 || error.code === "commander.help"
        ? error
        : usageError(command, problemOf(command, error));
    });
  for (const below of command.commands) refuseInWords(below);
}

/** @throws UsageError where something is missing that a command needs, or all of stdin would be two files */
export function requireWhole(command: Command): void {
  const missing = missingText(command);
  if (missing !== undefined) throw usageError(command, missing);
  const words = [...command.args, ...Object.values(command.opts())].flat();
  if (words.filter((word) => word === STDIN).length > 1) {
    throw usageError(command, `only one file can be read from stdin, which ${STDIN} stands for`);
  }
}

/** Has the help of a program that is asked for after the name of no command, as in `s2s statsu --help`, say that there is none. */
export function refuseUnknownHelp(program: Command): void {
  program.on("beforeHelp", () => {
    const [name] = program.args;
    if (name === undefined || name.startsWith("-") || program.commands.some((below) => below.name() === name)) return;
    // As for any other use of that name.
    program.parse([name], { from: "user" });
  });
}

function usageError(command: Command, problem: string): UsageError {
  return new UsageError(`${oneLine(problem)}\n(${nameOf(command)} --help tells what is right)`);
}

/** As it is called, `s2s run`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function problemOf(command: Command, { code, message }: CommanderError): string {
  const said = message.replace(/^error: /, "").replace(/\n\((Did you mean .*\?)\)$/, ". $1");
  switch (code) {
    case "commander.missingArgument":
      return missingText(command) ?? said;
    case "commander.unknownCommand": {
      const names = command.commands.map((below) => below.name());
      return `${said.replace(/(?<!\?)$/, ".")} The commands are ${names.join(", ")}`;
    }
    default:
      return said;
  }
}

function missingText(command: Command): string | undefined {
  const missing = missingOf(command);
  return missing.length === 0 ? undefined : `missing: ${missing.join(", ")}`;
}
