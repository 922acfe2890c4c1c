import { hash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { errnoOf, InputError } from "../errors.ts";
import { cannotWrite } from "./disk-errors.ts";

/** Where objects grow before they are renamed into place; on the same disk, and out of every listing. */
export const GROWING = ".growing";

/** Of the names of locks, which are folders: see lock.ts. */
export const LOCK = "lock.";

/** So old is nothing that is in use: a file grows for moments, and what a process shows of itself is renewed. */
export const LEFT_MS = 45_000;

/**
 * A new name for what this process keeps there for a while. It begins with the machine and the process, so that another
 * process of the same machine need not wait until it is old.
 */
export function growingName(): string {
  return `${here()}.${process.pid}.${randomUUID()}`;
}

/**
 * Whether what has such a name was left by a process that was killed: either there is no such process on this very machine,
 * or it is too old. A process of that id may be another one by now, and says nothing.
 *
 * @param ageMs - by the clock of the file system: that of another machine may go wrong
 * @param most - how old it may be
 */
export function isLeft(name: string, ageMs: number, most = LEFT_MS): boolean {
  const [, pid] = name.split(".");
  return ageMs > most || (isHere(name) && !isRunning(Number(pid)));
}

/** Whether a process of this very machine has that name. */
export function isHere(name: string): boolean {
  return name.split(".", 1)[0] === here();
}

/**
 * Removes what killed processes left below `root`. What others are at work with is kept.
 *
 * @throws InputError `CannotWrite` where a file has the folder's name, or the disk fails
 */
export function sweepFolder(root: string): void {
  const growing = join(root, GROWING);
  try {
    const names = namesIn(growing);
    if (names.length > 0) sweepNames(growing, names);
    removeIfEmpty(growing);
  } catch (error) {
    // Another process swept it first; or `root` is below a file, which writing there tells.
    if (errnoOf(error) === "ENOENT" || !fs.existsSync(growing)) return;
    if (errnoOf(error) !== "ENOTDIR") throw cannotWrite(error, growing, "cannot be swept");
    throw new InputError("CannotWrite", "is a file where a folder is to be", {
      file: growing,
      hint: "Remove it, or choose another folder",
    });
  }
}

function sweepNames(growing: string, names: readonly string[]): void {
  const now = clockOf(growing);
  for (const name of names) {
    const path = join(growing, name);
    if (name.startsWith(LOCK)) sweepLock(path, now);
    else if (isLeft(name, now - changedAt(path, now))) fs.rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Frees a lock of whoever left it, and removes it if it is free.
 *
 * @param now - by the clock of the file system
 */
export function sweepLock(lock: string, now: number, most = LEFT_MS): void {
  for (const holder of namesIn(lock)) {
    const path = join(lock, holder);
    if (isLeft(holder, now - changedAt(path, now), most)) fs.rmSync(path, { force: true });
  }
  removeIfEmpty(lock);
}

/** The time by the clock of the file system, milliseconds since 1970. */
export function clockOf(growing: string): number {
  const path = join(growing, growingName());
  fs.writeFileSync(path, "");
  const { mtimeMs } = fs.statSync(path);
  fs.rmSync(path, { force: true });
  return mtimeMs;
}

/** Of a file that is gone by now `otherwise`. */
function changedAt(path: string, otherwise: number): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? otherwise;
}

/** None where there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Removes a folder unless another process has something in it. */
export function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(errnoOf(error) ?? "")) throw error;
  }
}

/**
 * Names the machine as far as ids of processes go: containers of one machine have ids of their own, and machines that were
 * made of one image have one name.
 */
function here(): string {
  return (machine ??= hash("sha256", [hostname(), ...idsOnLinux()].join("\n")).slice(0, 12));
}
let machine: string | undefined;

function idsOnLinux(): string[] {
  if (process.platform !== "linux") return [];
  try {
    return [fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8"), fs.readlinkSync("/proc/self/ns/pid")];
  } catch {
    // Where nothing is known, this is nobody else's machine.
    return [randomUUID()];
  }
}

/** Whether there is a process of that id. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}
