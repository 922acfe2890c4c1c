import * as fs from "node:fs";
import { join } from "node:path";
import { errnoOf, InputError } from "../errors.ts";

/** Where objects grow before they are renamed into place; on the same disk, and out of every listing. */
export const GROWING = ".growing";

/**
 * Removes what killed processes left half written below `root`. Files of processes that still run are kept.
 *
 * @throws InputError `CannotWrite` where a file has the folder's name
 */
export function sweepFolder(root: string): void {
  const growing = join(root, GROWING);
  if (!fs.existsSync(growing)) return;
  if (!fs.statSync(growing).isDirectory()) {
    throw new InputError("CannotWrite", "is a file where a folder is to be", {
      file: growing,
      hint: "Remove it, or choose another folder",
    });
  }
  for (const name of fs.readdirSync(growing)) {
    if (!isRunning(Number(name.split(".")[0]))) fs.rmSync(join(growing, name), { force: true });
  }
  try {
    fs.rmdirSync(growing);
  } catch (error) {
    // Another process is writing.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(errnoOf(error) ?? "")) throw error;
  }
}

/** Whether there is a process of that id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}
