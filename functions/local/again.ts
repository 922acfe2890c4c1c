import { basename, delimiter, dirname } from "node:path";

/** How a process was started. */
export type Started = Pick<NodeJS.Process, "argv" | "env" | "execPath">;

/** The command of a run that was stopped, as it is to be typed to do what is left of it. */
export function resumeCommand(started: Started): string {
  const words = started.argv.slice(2).filter((word) => word !== "--force" && word !== "--resume");
  return typed([...programWords(started), ...words, "--resume"]);
}

/** The command that was given, as it is to be typed. */
export function sameCommand(started: Started): string {
  return typed([...programWords(started), ...started.argv.slice(2)]);
}

/** What starts this program again, from the folder that its user stands in. */
function programWords({ argv: [, program = ""], env, execPath }: Started): string[] {
  if (basename(program) === "s2s") {
    // It is on the path of what npx starts, and not on its user's.
    if (env["npm_command"] === "exec") return ["npx", "s2s"];
    if ((env["PATH"] ?? "").split(delimiter).includes(dirname(program))) return ["s2s"];
  }
  return [execPath, program];
}

function typed(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
