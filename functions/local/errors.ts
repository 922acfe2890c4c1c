import { CommanderError } from "commander";
import { errnoOf, InputError, isInputError, messageOf } from "../../lib/errors.ts";
import { printable } from "../../lib/printable.ts";
import { styled } from "./colour.ts";
import { EXIT } from "./exit.ts";
import { write } from "./say.ts";
import { UsageError } from "./usage.ts";

/** How a server is not reached; a command that is given again may reach it. */
const NETWORK_ERRORS = new Set(
  "EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND ETIMEDOUT".split(" "),
);

/** Tells what ended the command, and sets its exit code. */
export function tellError(error: unknown): void {
  if (error instanceof CommanderError) {
    // Help or the version, which commander has printed. It is help for nothing that was asked where there is no command.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    return;
  }
  const usage = error instanceof UsageError || isInputError(error, "BadOption", "BadName", "BadProduct", "BadSource");
  process.exitCode = usage ? EXIT.usage : EXIT.failed;
  // Of a network that fails, as of a wrong input, all is said by the message.
  const plain = usage || error instanceof InputError || NETWORK_ERRORS.has(errnoOf((error as Error).cause) ?? "");
  const text = plain ? messageOf(error) : `${messageOf(error)}\n${(error as Error).stack ?? ""}`;
  write(`${styled("red", "error:", process.stderr)} ${printable(text)}\n`, process.stderr);
}
