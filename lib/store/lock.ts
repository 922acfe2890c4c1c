import { hash } from "node:crypto";
import * as fs from "node:fs";
import { basename, join } from "node:path";
import { errnoOf } from "../errors.ts";
import { LOCK, removeIfEmpty, sweepLock } from "./growing.ts";

/** A lock is held for as long as it takes to read an object, and to flush and rename a file. */
const LOCK_LEFT_MS = 10_000;

/** The lock of a key, below the folder where objects grow. */
export function lockOf(growing: string, key: string): string {
  return join(growing, LOCK + hash("sha256", key).slice(0, 32));
}

/**
 * Gives `use` the file that grew, if nobody else has the lock: of any number of processes and machines one has it.
 *
 * A lock is a folder that holds the holder's file. A folder that is not empty is not replaced by a rename, so one that is
 * ready is renamed to the lock's name: then the lock is taken, in one step, on file systems without hard links as well. As
 * the file is what will be put in place, a holder that was taken for dead and was not has nothing to put there any more: its
 * rename fails with ENOENT, and it begins anew.
 *
 * @param aside - the file, just written: its time is that of the file system
 * @returns undefined where another has the lock; the file is then gone
 */
export function tryLocked<T>(lock: string, aside: string, use: (held: string) => T): T | undefined {
  const ready = `${aside}.lock`;
  const name = basename(aside);
  fs.mkdirSync(ready);
  fs.renameSync(aside, join(ready, name));
  const now = fs.statSync(join(ready, name)).mtimeMs;
  if (!isTaken(lock, ready)) {
    fs.rmSync(ready, { recursive: true, force: true });
    sweepLock(lock, now, LOCK_LEFT_MS);
    return undefined;
  }
  try {
    return use(join(lock, name));
  } finally {
    fs.rmSync(join(lock, name), { force: true });
    removeIfEmpty(lock);
  }
}

/** Takes the lock, unless another has it. */
function isTaken(lock: string, ready: string): boolean {
  try {
    fs.renameSync(ready, lock);
    return true;
  } catch (error) {
    // The last two: Windows replaces no folder, not even an empty one.
    if (["EEXIST", "ENOTEMPTY", "EPERM", "EACCES"].includes(errnoOf(error) ?? "")) return false;
    throw error;
  }
}
