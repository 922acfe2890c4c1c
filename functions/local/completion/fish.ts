import type { CompletedCommand, CompletedOption, Values } from "./words.ts";

/** Completes in fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const first = commands.map(
    ({ name, description }) => `complete -c s2s -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
  );
  return `${["complete -c s2s -f", ...first, ...commands.flatMap(linesOf)].join("\n")}\n`;
}

function linesOf({ name, options, arguments: values }: CompletedCommand): string[] {
  const begin = `complete -c s2s -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...options.map((option) =>
      [begin, ...nameWords(option), ...valueWords(option), `-d ${quoted(option.description)}`].join(" "),
    ),
    ...values.filter(({ kind }) => kind !== "anything").map((of) => [begin, ...given(of)].join(" ")),
  ];
}

function nameWords({ names }: CompletedOption): string[] {
  return names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
}

function valueWords({ values }: CompletedOption): string[] {
  if (values === undefined) return [];
  return ["-r", ...given(values)];
}

function given(values: Values): string[] {
  switch (values.kind) {
    case "files":
      return ["-F"];
    case "folders":
      return ["-f", "-a '(__fish_complete_directories)'"];
    case "words":
      return ["-f", `-a ${quoted(values.words.join(" "))}`];
    case "anything":
      return ["-f"];
    default:
      return values satisfies never;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
