import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, relative } from "node:path";

/** What happens to the objects of a folder, in order: each is written aside and put in its place. */
type DiskEvent =
  | { readonly put: string; readonly file: WrittenFile }
  | { readonly removed: string }
  | { readonly flushedNames: string }
  | "flushed";

/** A file as it was written, and when it was flushed: after so many events. */
interface WrittenFile {
  readonly body: Buffer;
  flushed?: number;
}

export interface DiskLog {
  readonly events: readonly DiskEvent[];
  end(): void;
}

/** Writes down what this process puts below a folder, what it removes and what it flushes. What grows aside is left out. */
export function logDisk(root: string): DiskLog {
  const events: DiskEvent[] = [];
  /** By their paths at the time. */
  const files = new Map<string, WrittenFile>();
  const open = new Map<number, string>();
  const { writeFileSync, renameSync, rmSync, openSync, fsyncSync } = fs;
  const real = { writeFileSync, renameSync, rmSync, openSync, fsyncSync };
  const { execFile } = childProcess;
  const keyOf = (path: unknown) => relative(root, String(path));
  const isObject = (path: unknown) => !/^\.\.|^\.growing/.test(keyOf(path));

  Object.assign(fs, {
    writeFileSync(path: string, body: string | Uint8Array, options?: fs.WriteFileOptions) {
      real.writeFileSync(path, body, options);
      files.set(path, { body: Buffer.from(body as Uint8Array) });
    },
    renameSync(from: string, to: string) {
      real.renameSync(from, to);
      // A folder, with all that is in it.
      for (const [path, file] of files) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        files.delete(path);
        files.set(to + path.slice(from.length), file);
        if (path === from && isObject(to)) events.push({ put: keyOf(to), file });
      }
    },
    rmSync(path: string, options?: fs.RmOptions) {
      real.rmSync(path, options);
      files.delete(path);
      if (isObject(path)) events.push({ removed: keyOf(path) });
    },
    openSync(path: string, ...rest: [fs.OpenMode]) {
      const file = real.openSync(path, ...rest);
      open.set(file, path);
      return file;
    },
    fsyncSync(file: number) {
      real.fsyncSync(file);
      const path = open.get(file)!;
      const written = files.get(path);
      if (written === undefined) events.push({ flushedNames: keyOf(path) });
      else written.flushed ??= events.length;
    },
  });
  Object.assign(childProcess, {
    execFile(program: string, args: string[], options: object, told: (...end: unknown[]) => void) {
      return execFile(program, args, options, (error, ...said) => {
        if (program === "sync" && error === null) events.push("flushed");
        told(error, ...said);
      });
    },
  });
  syncBuiltinESMExports();
  return {
    events,
    end() {
      Object.assign(fs, real);
      Object.assign(childProcess, { execFile });
      syncBuiltinESMExports();
    },
  };
}

/**
 * Objects of a folder, by their keys, that a loss of power may leave after the first `count` events. What was not flushed is
 * there, or not, or without its bytes, each for itself, whatever came before what: no file system loses more.
 *
 * @param before - what was there, and flushed, before the first event
 */
export function afterPowerLoss(
  events: readonly DiskEvent[],
  count: number,
  before: ReadonlyMap<string, Buffer>,
  random: () => number,
): Map<string, Buffer> {
  const past = events.slice(0, count);
  const flushed = past.lastIndexOf("flushed");
  const histories = new Map<string, { readonly file?: WrittenFile; readonly isWhole: boolean }[]>();
  /** How many of the events of a key are certain. */
  const certain = new Map<string, number>();
  for (const [i, event] of past.entries()) {
    if (event === "flushed") continue;
    if ("flushedNames" in event) {
      for (const [key, all] of histories) if (dirname(key) === event.flushedNames) certain.set(key, all.length);
      continue;
    }
    const key = "put" in event ? event.put : event.removed;
    const history = histories.get(key) ?? [];
    histories.set(key, history);
    const file = "put" in event ? event.file : undefined;
    const isWhole = i < flushed || (file?.flushed ?? Infinity) <= count;
    history.push({ ...(file === undefined ? {} : { file }), isWhole });
    if (i < flushed) certain.set(key, history.length);
  }
  const left = new Map(before);
  for (const [key, history] of histories) {
    const first = certain.get(key) ?? 0;
    const chosen = first + Math.floor(random() * (history.length - first + 1));
    const last = history[chosen - 1];
    // None of them has happened.
    if (last === undefined) continue;
    if (last.file === undefined) left.delete(key);
    else left.set(key, last.isWhole ? last.file.body : damaged(last.file.body, random));
  }
  return left;
}

/** What may be in a file that was not flushed. */
function damaged(body: Buffer, random: () => number): Buffer {
  const kinds = [
    () => body,
    () => Buffer.alloc(0),
    () => Buffer.alloc(body.length),
    () => body.subarray(0, Math.floor(body.length / 2)),
  ];
  return kinds[Math.floor(random() * kinds.length)]!();
}
