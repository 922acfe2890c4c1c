import { CommanderError } from "commander";
import { errnoOf, InputError, isInputError, messageOf } from "../../lib/errors.ts";
import { EXIT } from "./exit.ts";
import { say } from "./say.ts";

/** How a server is not reached; a command that is given again may reach it. */
const NETWORK_ERRORS = new Set(
  "EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND ETIMEDOUT".split(" "),
);

/** Tells what ended the command, and sets its exit code. */
export function tellError(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has printed what is wrong; --help and --version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    return;
  }
  const usage = isInputError(error, "BadOption", "BadName", "BadProduct", "BadSource");
  // Of a network that fails, as of a wrong input, all is said by the message.
  const plain = error instanceof InputError || NETWORK_ERRORS.has(errnoOf((error as Error).cause) ?? "");
  const text = plain ? messageOf(error) : `${messageOf(error)}\n${(error as Error).stack ?? ""}`;
  say(`error: ${text}\n`, process.stderr);
  process.exitCode = usage ? EXIT.usage : EXIT.failed;
}
