import type { CompletedCommand, CompletedOption, Values } from "./words.ts";

/** Completes in bash, from 3.2 on, as macOS has it. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const words = [...commands.map(({ name }) => name), "--help", "--version"];
  const several = commands.flatMap(({ name, options }) =>
    patterns(
      name,
      options.filter(({ variadic }) => variadic),
    ),
  );
  return `_s2s_words() { COMPREPLY=($(compgen -W "$1" -- "$word")); }
_s2s_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$word"))
  compopt -o filenames 2> /dev/null
}
_s2s() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" at last=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _s2s_words "${words.join(" ")}"
    return
  fi
  # --option=value is three words to bash.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  # An option of several values has all that follow it.
  for ((at = COMP_CWORD - 1; at > 1; at--)); do
    last="\${COMP_WORDS[at]}"
    [[ $last == -?* ]] && break
  done
  case "$command $last" in
    ${several.join(" | ")}) before=$last ;;
  esac
  if [[ $word != -* ]]; then
    case "$command $before" in
${commands.flatMap(valueCases).join("\n")}
    esac
  fi
  case "$command $word" in
${commands.map(optionCase).join("\n")}
${commands.map(argumentCase).join("\n")}
  esac
}
complete -F _s2s s2s
`;
}

function patterns(command: string, options: readonly CompletedOption[]): string[] {
  return options.flatMap(({ names }) => names.map((name) => `"${command} ${name}"`));
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options.flatMap((option) =>
    option.values === undefined
      ? []
      : [`      ${patterns(name, [option]).join(" | ")}) ${callFor(option.values)}; return ;;`],
  );
}

function optionCase({ name, options }: CompletedCommand): string {
  return `    "${name} "-*) _s2s_words "${options.flatMap(({ names }) => names).join(" ")}" ;;`;
}

/** Of several arguments the first is the one that a shell can know; a command without any is offered its options. */
function argumentCase({ name, options, arguments: values }: CompletedCommand): string {
  const [first] = values;
  const names = options.flatMap((option) => option.names).join(" ");
  return `    "${name} "*) ${first === undefined ? `_s2s_words "${names}"` : callFor(first)} ;;`;
}

function callFor(values: Values): string {
  switch (values.kind) {
    case "files":
      return "_s2s_paths -f";
    case "folders":
      return "_s2s_paths -d";
    case "words":
      return `_s2s_words "${values.words.join(" ")}"`;
    case "anything":
      return ":";
    default:
      return values satisfies never;
  }
}
