import type { Argument, Command, Option } from "commander";

/** What may stand behind an option, or as an argument. */
export type Values =
  | { readonly kind: "files" | "folders" | "anything" }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** An option as a shell completes it. */
export interface CompletedOption {
  /** `-o` and `--out`, as far as there are both. */
  readonly names: readonly string[];
  readonly description: string;
  /** Absent where it takes no value. */
  readonly values?: Values;
  /** Whether it takes several. */
  readonly variadic: boolean;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** In order; the last goes on where it takes several. */
  readonly arguments: readonly (Values & { readonly variadic: boolean })[];
}

/** Names that options and arguments can have as their values, by the name of that: what commander is not told. */
export type KnownNames = Readonly<Record<string, readonly string[]>>;

/** All that a shell completes of a program. It is made of the program, so that it has what help has. */
export function completedCommands(program: Command, known: KnownNames): CompletedCommand[] {
  const names = { ...known, command: program.commands.map((command) => command.name()) };
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => completedOption(option, names)),
    arguments: command.registeredArguments.map((argument) => ({
      ...valuesOf(argument, argument.name(), names),
      variadic: argument.variadic,
    })),
  }));
}

function completedOption(option: Option, known: KnownNames): CompletedOption {
  const { short, long, description, variadic, flags } = option;
  const [, value] = /<([a-zA-Z]+)/.exec(flags) ?? [];
  const names = [short, long].filter((name) => name !== undefined);
  const shared = { names, description, variadic };
  return value === undefined ? shared : { ...shared, values: valuesOf(option, value, known, option.name()) };
}

/** @param name - what help calls a value */
function valuesOf({ argChoices }: Argument | Option, name: string, known: KnownNames, option = name): Values {
  const words = argChoices ?? known[option];
  if (words !== undefined) return { kind: "words", words };
  return { kind: name.startsWith("file") ? "files" : name === "folder" ? "folders" : "anything" };
}
