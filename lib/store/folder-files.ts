import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf, InputError, messageOf } from "../errors.ts";
import { GROWING } from "./growing.ts";

/** What is wrong with the place, not with the program. */
const DISK_ERRORS = new Set(
  "EACCES EDQUOT EFBIG EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENOSPC ENOTDIR ENOTSUP EPERM EROFS".split(" "),
);

/** Writes the file of a key below a folder, beside its place, and has `place` put it there. */
export type WriteAside = (key: string, body: Uint8Array | string, place: (aside: string, path: string) => void) => void;

/**
 * A writer of files below `root` that nobody ever meets half written: they grow aside, on the same disk, until they are
 * put in their place in one step.
 *
 * @throws InputError from its writes: `CannotWrite` where a folder cannot be made, or the disk takes no file
 */
export function fileWriter(root: string): WriteAside {
  const made = new Set<string>();
  const growing = join(root, GROWING);
  // One name for all, as one is put in its place before the next is begun. The process id tells a later run which of these
  // were left by a process that was killed.
  const aside = join(growing, `${process.pid}.${randomUUID()}`);

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

  function writeGrowing(body: Uint8Array | string): void {
    makeFolder(growing);
    try {
      fs.writeFileSync(aside, body);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      // Another process found it empty, and swept it away.
      made.delete(growing);
      makeFolder(growing);
      fs.writeFileSync(aside, body);
    }
  }

  return (key, body, place) => {
    const path = join(root, key);
    makeFolder(dirname(path));
    try {
      writeGrowing(body);
      place(aside, path);
    } catch (error) {
      // Where its folder is a file, even removing what is not there would fail.
      if (fs.existsSync(aside)) fs.rmSync(aside);
      if (!DISK_ERRORS.has(errnoOf(error) ?? "")) throw error;
      throw new InputError("CannotWrite", `cannot be written: ${messageOf(error)}`, {
        file: path,
        hint: "Make room on the disk, or give permission to write there; then resume the run",
        cause: error,
      });
    }
  };
}

/**
 * Makes a folder and those above it, of which others may make some meanwhile. Node's own recursion never ends on file
 * systems that take no folders.
 */
function makeFolders(folder: string): void {
  try {
    makeOne(folder);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    makeFolders(dirname(folder));
    makeOne(folder);
  }
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST" || !fs.statSync(folder).isDirectory()) throw error;
  }
}
