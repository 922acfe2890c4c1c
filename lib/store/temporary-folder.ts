import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, messageOf } from "../errors.ts";

/** Of the names of all these folders. */
const PREFIX = "s2s-inputs-";

/** The folders that are there now. Whoever ends the process, on a signal perhaps, need not know of them. */
const inUse = new Set<string>();
process.on("exit", () => {
  for (const folder of inUse) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The system clears its temporary folder, and a stack would hide what the command has said.
    }
  }
});

/** A folder that is made when it is first asked for, and removed with all that is in it when its use ends. */
export class TemporaryFolder implements AsyncDisposable {
  #path: string | undefined;

  /** @throws InputError `CannotWrite` where the system's temporary folder takes none */
  get path(): string {
    if (this.#path === undefined) {
      this.#path = newFolder();
      inUse.add(this.#path);
    }
    return this.#path;
  }

  /** Removes it at once, and waits for the disk. */
  remove(): void {
    if (this.#path === undefined) return;
    try {
      rmSync(this.#path, { recursive: true, force: true });
    } catch {
      // As below.
      return;
    }
    inUse.delete(this.#path);
    this.#path = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#path === undefined) return;
    try {
      await rm(this.#path, { recursive: true, force: true });
    } catch {
      // A run that has all that it needs does not fail by that; the end of the process tries it again.
      return;
    }
    inUse.delete(this.#path);
  }
}

function newFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), PREFIX));
  } catch (cause) {
    throw new InputError("CannotWrite", `cannot be made: ${messageOf(cause)}`, {
      file: join(tmpdir(), `${PREFIX}*`),
      hint: "Set TMPDIR to a folder that can be written",
      cause,
    });
  }
}

/** Gives `use` a new empty folder, and removes it with all that is in it, whatever happens. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  await using folder = new TemporaryFolder();
  return await use(folder.path);
}

/**
 * Removes the folders that were left by a process that was killed. Only for a process that has its temporary folder
 * to itself, and may start anew there with what it left.
 */
export function sweepTemporaryFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(PREFIX)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
