import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../lib/errors.ts";
import { once } from "../../lib/once.ts";
import type { TemporaryFolder } from "../../lib/store/temporary-folder.ts";

/** What stands on a command line for stdin. A file of that name is `./-`. */
export const STDIN = "-";

/** How messages and records call what is read from there. */
const NAME = "stdin";

/** A file as messages call it. */
export function calledFile(named: string): string {
  return named === STDIN ? NAME : named;
}

/** All of stdin, which is read once, whoever needs it. @throws InputError `BadOption` where nothing is piped into it */
export const readStdin: () => Promise<Uint8Array> = once(async () => {
  if (process.stdin.isTTY) {
    throw new InputError("BadOption", "- stands for stdin, and that is a terminal", { hint: "Pipe a file into it" });
  }
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts);
});

/** The path of a file with all of stdin, for what reads here and there in a file. @throws InputError as {@link readStdin} */
export async function stdinFile(folder: TemporaryFolder): Promise<string> {
  const path = join(folder.path, NAME);
  writeFileSync(path, await readStdin());
  return path;
}
