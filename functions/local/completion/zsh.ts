import type { CompletedCommand, CompletedOption, Values } from "./words.ts";

/** Completes in zsh, be it sourced or in a folder of `fpath`, as `_s2s`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  return `#compdef s2s
_s2s() {
  local -a commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join("\n")}
  esac
}
if [[ $funcstack[1] == _s2s ]]; then
  _s2s "$@"
else
  compdef _s2s s2s
fi
`;
}

function commandCase({ name, options, arguments: values }: CompletedCommand): string {
  const specs = [
    ...options.map(optionSpec),
    ...values.map(({ variadic, ...of }, at) => quoted(`${variadic ? "*" : at + 1}:${of.kind}:${action(of)}`)),
  ];
  return `    ${name}) _arguments -s ${specs.map((spec) => `\\\n      ${spec}`).join(" ")} ;;`;
}

function optionSpec({ names, description, values }: CompletedOption): string {
  const value = values === undefined ? "" : `:${values.kind}:${action(values)}`;
  const text = quoted(`[${description.replaceAll(/[[\]\\:]/g, "\\$&")}]${value}`);
  if (names.length === 1) return `${names[0]}${text}`;
  return `'(${names.join(" ")})'{${names.join(",")}}${text}`;
}

function action(values: Values): string {
  switch (values.kind) {
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "words":
      return `(${values.words.join(" ")})`;
    case "anything":
      return " ";
    default:
      return values satisfies never;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
