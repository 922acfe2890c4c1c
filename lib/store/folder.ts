import { hash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { errnoOf, InputError } from "../errors.ts";
import { cannotRead } from "./disk-errors.ts";
import { flushFile, flushFolder, renameLasting } from "./flush.ts";
import { fileWriter } from "./folder-files.ts";
import { GROWING } from "./growing.ts";
import { lockOf, tryLocked } from "./lock.ts";
import { pathAlone } from "./place.ts";
import type { ListedObject, ObjectStore, StoredObject } from "./store.ts";

/** A lock is held for moments, or until its holder is taken for dead. */
const PATIENCE_MS = 30_000;
/** Between two looks at a lock; at random, so that those who wait do not come back together. */
const LOOK_MS = 10;

/**
 * A folder as an object store: the key is the path below `root`. Etags are the SHA-256 of the bytes, so that a copy is
 * the same object and a changed file never is.
 *
 * Objects are written aside and renamed into place, so that a reader, or a kill at any moment, never meets half a
 * file. What is put on a condition, and what has been flushed, lasts through a loss of power. File calls are synchronous:
 * for thousands of small files that is several times faster than the thread pool, and the callers have nothing else to do.
 *
 * @throws InputError `BadName` where `root` is a URL; from its writes: `CannotWrite` where a folder cannot be made, or the
 *   disk takes no file
 */
export function folderStore(root: string): ObjectStore {
  const writeAside = fileWriter(pathAlone(root));

  /** Writes the object if the condition holds, while no other process writes one of that key on a condition. */
  async function putIf(holds: (path: string) => boolean, key: string, body: Uint8Array | string): Promise<boolean> {
    const lock = lockOf(join(root, GROWING), key);
    const place = (aside: string, path: string) =>
      tryLocked(lock, aside, (held) => {
        const isRight = holds(path);
        if (isRight) renameLasting(held, path);
        return isRight;
      });
    const started = performance.now();
    for (;;) {
      const put = writeAside(key, body, place);
      if (put !== undefined) return put;
      if (performance.now() - started > PATIENCE_MS) throw lockedFor(PATIENCE_MS / 1000, lock);
      await setTimeout(Math.random() * LOOK_MS);
    }
  }

  return {
    name: root,

    async get(key, { room } = {}) {
      const body = readIfPresent(join(root, checked(key)), room);
      if (body === undefined) return undefined;
      return {
        body,
        // Of most objects nobody asks it.
        get etag() {
          return hash("sha256", body);
        },
      } satisfies StoredObject;
    },

    async put(key, body) {
      writeAside(checked(key), body, (aside, path) => fs.renameSync(aside, path));
    },

    async putIfAbsent(key, body) {
      return await putIf((path) => !fs.existsSync(path), checked(key), body);
    },

    async putIfMatch(key, body, etag) {
      const isMeant = (found: Uint8Array | undefined) => found !== undefined && hash("sha256", found) === etag;
      return await putIf((path) => isMeant(readIfPresent(path)), checked(key), body);
    },

    async flush(keys) {
      if (keys === undefined) await flushFolder(root);
      else for (const key of keys) flushFile(join(root, checked(key)));
    },

    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      for (const found of walk(root, folder)) if (found.key.startsWith(prefix)) yield found;
    },
  };
}

function lockedFor(seconds: number, lock: string): InputError {
  return new InputError("CannotWrite", `is held by other processes for ${seconds} s`, {
    file: lock,
    hint: "Look whether one of them hangs; when none is at work any more, remove that folder and resume the run",
  });
}

/** The key itself, which leads nowhere but below the store. @throws InputError `BadName` */
function checked(key: string): string {
  const parts = key.split("/");
  const isBad = (part: string) => ["", ".", ".."].includes(part) || part.includes("\0") || part.includes("\\");
  if (!parts.some(isBad)) return key;
  throw new InputError("BadName", `"${key}" is not a key`, { hint: "A key names an object below the store" });
}

/** The bytes of a file, in `room` if they fit, or undefined where there is none. @throws InputError `NoAccess` */
function readIfPresent(path: string, room?: Uint8Array): Uint8Array | undefined {
  try {
    if (fs.statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    return room === undefined ? fs.readFileSync(path) : readInto(path, room);
  } catch (cause) {
    // Removed since it was looked at.
    if (errnoOf(cause) === "ENOENT") return undefined;
    throw cannotRead(cause, path);
  }
}

function readInto(path: string, room: Uint8Array): Uint8Array {
  const file = fs.openSync(path, "r");
  try {
    // A file is put in its place whole, and is then as long as it is.
    const { size } = fs.fstatSync(file);
    const body = size <= room.length ? room.subarray(0, size) : Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const count = fs.readSync(file, body, { offset: at });
      if (count === 0) return body.subarray(0, at);
      at += count;
    }
    return body;
  } finally {
    fs.closeSync(file);
  }
}

function* walk(root: string, folder: string): Generator<ListedObject> {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw cannotRead(error, join(root, folder));
  }
  // A folder sorts as its name and a slash: the order that S3 lists keys in.
  const named = entries.map((entry) => ({ entry, name: entry.isDirectory() ? `${entry.name}/` : entry.name }));
  for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (folder === "" && entry.name === GROWING) continue;
    if (entry.isDirectory()) yield* walk(root, folder + name);
    else if (entry.isFile()) {
      // Removed since it was listed, it is none.
      const size = sizeIfPresent(join(root, folder, entry.name));
      if (size !== undefined) yield { key: folder + name, size };
    }
  }
}

function sizeIfPresent(path: string): number | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    throw cannotRead(error, path);
  }
}
