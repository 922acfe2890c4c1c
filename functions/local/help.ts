import { styleText } from "node:util";
import type { Command, Help, Option } from "commander";
import { EXIT } from "./exit.ts";
import { termOf } from "./required.ts";

/** Commander takes it away again where no colours are. */
const bold = (text: string) => styleText("bold", text, { validateStream: false });

/** How help is laid out: the long names of options are in one column, whether they have a short form or none. */
export const HELP: Partial<Help> = {
  styleTitle: bold,
  optionTerm: ({ short, flags }: Option) => (short === undefined ? `    ${flags}` : flags),
  subcommandTerm: (command: Command) => [command.name(), ...command.registeredArguments.map(termOf)].join(" "),
};

/** What the help of a command has beside its options. */
export interface Beside {
  /** Whole commands. A test gives them one after another, those of all commands, unless they need a network or do not end. */
  readonly examples: readonly string[];
  /** What exit codes mean that not every command has. */
  readonly exits?: Readonly<Partial<Record<number, string>>>;
}

/** Adds examples and exit codes to the help of a command. */
export function withHelp(command: Command, { examples, exits }: Beside): Command {
  const codes = Object.entries({ ...USUAL, ...exits }).map(([code, text]) => `  ${code.padEnd(5)}${text}`);
  const lines = ["", bold("Examples:"), ...examples.map((text) => text.replaceAll(/^/gm, "  "))];
  return command.addHelpText("after", [...lines, "", bold("Exit codes:"), ...codes, ""].join("\n"));
}

const USUAL = {
  [EXIT.complete]: "done",
  [EXIT.failed]: "failed, because of an input or of the machine",
  [EXIT.usage]: "the command line is wrong",
};
