import { hash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { hostname, uptime } from "node:os";
import { basename, join } from "node:path";
import { fileWriter } from "./folder-files.ts";
import { clockOf, GROWING, growingName, isHere, isLeft, removeIfEmpty } from "./growing.ts";

/** How a process shows others that it is at work, and sees it of them. */
export interface Presence extends Disposable {
  /** What claims call this process: `host:name:boot`, the host for people alone. */
  readonly owner: string;
  /** Whether it can be seen from here if the owner of a claim is at work. */
  sees(owner: string): boolean;
  /** Whether the owner of a claim is at work, as far as that can be seen. */
  isAtWork(owner: string): boolean;
  /** Whether all is there that the owner of a claim wrote: of a machine that lost its power, some may not be. */
  keeps(owner: string): boolean;
}

/** Several times in the age at which it counts as left behind: one that is late is not taken for dead. */
const RENEWED_MS = 5_000;

/**
 * The presence of this process in a folder: a file that is renewed as long as it lives. Its age is by the clock of the file
 * system, so that all processes, containers and machines that share the folder find the same.
 *
 * @throws InputError `CannotWrite`
 */
export function folderPresence(root: string): Presence {
  const growing = join(root, GROWING);
  const isNew = !fs.existsSync(root);
  const name = growingName();
  const write = fileWriter(root);
  const show = () => write(`${GROWING}/${name}`, "", fs.renameSync);
  show();
  // What is wrong with the disk, the run itself meets and tells.
  const timer = setInterval(() => leniently(show), RENEWED_MS).unref();
  const end = () => {
    clearInterval(timer);
    process.off("exit", end);
    leniently(() => {
      fs.rmSync(join(growing, name), { force: true });
      removeIfEmpty(growing);
      // Of a run that was refused nothing is left, not even a folder.
      if (isNew) removeIfEmpty(root);
    });
  };
  // So that after a signal others need not wait until the file is old.
  process.once("exit", end);
  return {
    owner: ownerOf(name),
    sees: () => true,
    isAtWork: (owner) => isPresent(root, owner, () => clockOf(growing)),
    keeps: (owner) => owner.split(":")[2] === bootName(),
    [Symbol.dispose]: end,
  };
}

/**
 * Whether the owner of a claim is at work in a folder, as far as that can be seen.
 *
 * @param clock - of the file system, or for who only looks and writes nothing, of this machine
 */
export function isPresent(root: string, owner: string, clock: () => number): boolean {
  const other = nameOf(owner);
  const found = fs.statSync(join(root, GROWING, other), { throwIfNoEntry: false });
  return found?.isFile() === true && !isLeft(other, clock() - found.mtimeMs);
}

/** Where there is no folder to be present in: processes of this very machine are seen, and no others. */
export function machinePresence(): Presence {
  const sees = (owner: string) => isHere(nameOf(owner));
  return {
    owner: ownerOf(growingName()),
    sees,
    isAtWork: (owner) => sees(owner) && !isLeft(nameOf(owner), 0),
    // What was put in a bucket is there.
    keeps: () => true,
    [Symbol.dispose]() {},
  };
}

function ownerOf(name: string): string {
  return `${hostname()}:${name}:${bootName()}`;
}

/** The name in an owner; of one that is no process of a command, a name that no file has. */
function nameOf(owner: string): string {
  const [, name = ""] = owner.split(":");
  return basename(name) || "nobody";
}

/**
 * Names the time since this machine was started, for all of its containers: as long its memory has what its disk has not yet.
 */
function bootName(): string {
  return (boot ??= hash("sha256", bootId()).slice(0, 12));
}
let boot: string | undefined;

function bootId(): string {
  try {
    if (process.platform === "linux") return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
  } catch {
    // Where nothing is known, nothing of before is believed.
    return randomUUID();
  }
  return `${hostname()} ${Math.round((Date.now() / 1000 - uptime()) / BOOT_SECONDS)}`;
}

/** Of the time of a start, which is known by two clocks. */
const BOOT_SECONDS = 60;

function leniently(act: () => void): void {
  try {
    act();
  } catch {}
}
