import * as fs from "node:fs";
import { dirname } from "node:path";
import { errnoOf, InputError, messageOf } from "../errors.ts";
import { cannotWrite } from "./disk-errors.ts";

/** A program of coreutils and BusyBox; the one of macOS flushes all disks. */
const PROGRAM = "sync";
/** What it says that does not know the option for one file system. */
const UNKNOWN_OPTION = /option|usage/i;

/**
 * Has the disk keep all that was written below a folder, so that a loss of power does not take it. Node can flush single files
 * alone, which for thousands takes several times as long as to write them; so a program of the system flushes the file
 * system. Where there is none, as on Windows, nothing is flushed.
 *
 * @throws InputError `CannotWrite` where the disk says that it did not keep something
 */
export async function flushFolder(root: string): Promise<void> {
  const failed = process.platform === "linux" ? await run("-f", "--", root) : await run();
  if (failed === undefined) return;
  if (UNKNOWN_OPTION.test(failed)) await run();
  else {
    throw new InputError("CannotWrite", `was not written to the disk: ${failed}`, {
      file: root,
      hint: "Look whether the disk fails, then do the run again with --force",
    });
  }
}

/** Runs it, and returns what it says where it fails; undefined where it did its work, or is not there. */
async function run(...args: string[]): Promise<string | undefined> {
  const { execFile } = await import("node:child_process");
  const env = { ...process.env, LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile(PROGRAM, args, { env }, (error, _, said) => {
      resolve(error === null || errnoOf(error) === "ENOENT" ? undefined : said.trim() || messageOf(error));
    });
  });
}

/** {@link flushFolder} of one file, if it is there. @throws InputError `CannotWrite` */
export function flushFile(path: string): void {
  try {
    flushOne(path, "r+");
    flushNames(path);
  } catch (error) {
    // Nor is a folder in its place.
    if (!["ENOENT", "EISDIR"].includes(errnoOf(error) ?? "")) throw cannotWrite(error, path);
  }
}

/** Renames a file so that no loss of power leaves its new name without its bytes, or takes the name once this returns. */
export function renameLasting(from: string, to: string): void {
  flushOne(from, "r+");
  fs.renameSync(from, to);
  flushNames(to);
}

/** The names in the folder of a file. */
function flushNames(path: string): void {
  // Windows flushes no folders.
  if (process.platform !== "win32") flushOne(dirname(path), "r");
}

function flushOne(path: string, flags: string): void {
  const file = fs.openSync(path, flags);
  try {
    fs.fsyncSync(file);
  } catch (error) {
    // Some file systems flush nothing on its own.
    if (!["EINVAL", "ENOTSUP"].includes(errnoOf(error) ?? "")) throw error;
  } finally {
    fs.closeSync(file);
  }
}
