import type { Argument, Command, Option } from "commander";

const HEADING = "Required:";

/**
 * An option that a command needs; its help has a part of its own for them. They are not made mandatory, as commander then tells
 * of the first that is missing, before it sees whether another name was meant for it.
 */
export function needed(option: Option): Option {
  return option.helpGroup(HEADING);
}

/** What a command needs and was not given, arguments and options, as its help names them. */
export function missingOf(command: Command): string[] {
  const given = command.args.filter((word) => !/^-./.test(word)).length;
  const words = command.registeredArguments.filter((argument, at) => argument.required && at >= given);
  const options = command.options.filter(
    (option) => option.helpGroupHeading === HEADING && command.getOptionValue(option.attributeName()) === undefined,
  );
  return [...words.map(termOf), ...options.map(({ flags }) => flags.replace(/^-\w, /, ""))];
}

/** An argument as a line of usage has it. */
export function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
