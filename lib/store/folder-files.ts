import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf, InputError, messageOf } from "../errors.ts";
import { cannotWrite } from "./disk-errors.ts";
import { GROWING, growingName } from "./growing.ts";

/** Writes the file of a key below a folder, beside its place, has `place` put it there, and returns what that returns. */
export type WriteAside = <T>(key: string, body: Uint8Array | string, place: (aside: string, path: string) => T) => T;

/** How often a file is written anew whose folder others swept away, or who took its writer for dead. */
const ATTEMPTS = 20;

/**
 * A writer of files below `root` that nobody ever meets half written: they grow aside, on the same disk, until they are
 * put in their place in one step.
 *
 * @throws InputError from its writes: `CannotWrite` where a folder cannot be made, or the disk takes no file
 */
export function fileWriter(root: string): WriteAside {
  const made = new Set<string>();
  const growing = join(root, GROWING);
  // One name for all, as one is put in its place before the next is begun.
  const aside = join(growing, growingName());

  function makeFolder(folder: string): void {
    if (made.has(folder)) return;
    try {
      makeFolders(folder);
    } catch (error) {
      throw new InputError("CannotWrite", `cannot be made: ${messageOf(error)}`, {
        file: folder,
        hint: "Choose a folder that can be written",
        cause: error,
      });
    }
    made.add(folder);
  }

  function attempt<T>(path: string, body: Uint8Array | string, place: (aside: string, path: string) => T): T {
    makeFolder(dirname(path));
    makeFolder(growing);
    try {
      fs.writeFileSync(aside, body);
      return place(aside, path);
    } catch (error) {
      // Where its folder is a file, even removing what is not there would fail.
      if (fs.existsSync(aside)) fs.rmSync(aside, { force: true });
      throw error;
    }
  }

  return (key, body, place) => {
    const path = join(root, key);
    for (let count = 1; ; count += 1) {
      try {
        return attempt(path, body, place);
      } catch (error) {
        if (errnoOf(error) !== "ENOENT" || count === ATTEMPTS) throw cannotWrite(error, path);
        made.clear();
      }
    }
  };
}

/**
 * Makes a folder and those above it, of which others may make some meanwhile. Node's own recursion never ends on file
 * systems that take no folders.
 */
function makeFolders(folder: string): void {
  for (let count = 1; ; count += 1) {
    try {
      makeOne(folder);
      return;
    } catch (error) {
      // One above it is not there, or another process removed it since it was made.
      if (errnoOf(error) !== "ENOENT" || dirname(folder) === folder || count === ATTEMPTS) throw error;
      makeFolders(dirname(folder));
    }
  }
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST" || !fs.statSync(folder).isDirectory()) throw error;
  }
}
