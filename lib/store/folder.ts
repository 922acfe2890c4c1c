import { hash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join, sep } from "node:path";
import { errnoOf, InputError, messageOf } from "../errors.ts";
import { GROWING } from "./growing.ts";
import { makeFolders } from "./make-folders.ts";
import type { ListedObject, ObjectInfo, ObjectStore, StoredObject } from "./store.ts";

/** What is wrong with the place, not with the program. */
const DISK_ERRORS = new Set(
  "EACCES EDQUOT EFBIG EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENOSPC ENOTDIR ENOTSUP EPERM EROFS".split(" "),
);

/**
 * A folder as an object store: the key is the path below `root`. Etags are the SHA-256 of the bytes, so that a copy is
 * the same object and a changed file never is.
 *
 * Objects are written aside and renamed into place, so that a reader, or a kill at any moment, never meets half a
 * file. File calls are synchronous: for thousands of small files that is several times faster than the thread pool,
 * and the callers are worker threads with nothing else to do.
 *
 * @throws InputError from its writes: `CannotWrite` where a folder cannot be made, or the disk takes no file
 */
export function folderStore(root: string): ObjectStore {
  const made = new Set<string>();
  const growing = join(root, GROWING);

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

  function writeGrowing(aside: string, body: Uint8Array | string): void {
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

  /** Writes the body aside and has it put in its place. */
  function writeAside(key: string, body: Uint8Array | string, place: (aside: string) => void): void {
    // The process id tells a later run which of these were left by a process that was killed.
    const aside = join(growing, `${process.pid}.${randomUUID()}`);
    try {
      writeGrowing(aside, body);
      place(aside);
    } catch (error) {
      // Where its folder is a file, even removing what is not there would fail.
      if (fs.existsSync(aside)) fs.rmSync(aside);
      if (!DISK_ERRORS.has(errnoOf(error) ?? "")) throw error;
      throw new InputError("CannotWrite", `cannot be written: ${messageOf(error)}`, {
        file: join(root, key),
        hint: "Make room or give leave to write there, then resume the run",
        cause: error,
      });
    }
  }

  return {
    async get(key) {
      const body = read(root, key);
      return {
        body,
        // Of most objects nobody asks it.
        get etag() {
          return hash("sha256", body);
        },
      } satisfies StoredObject;
    },

    async getRange(key, start, length) {
      const file = fs.openSync(existing(root, key), "r");
      try {
        const bytes = new Uint8Array(length);
        const count = fs.readSync(file, bytes, 0, length, start);
        if (count < length) {
          throw new InputError("BrokenFile", `has ${fs.fstatSync(file).size} bytes, ${start + length} are needed`, {
            file: key,
          });
        }
        return bytes;
      } finally {
        fs.closeSync(file);
      }
    },

    async put(key, body) {
      const path = pathOf(root, key);
      makeFolder(dirname(path));
      writeAside(key, body, (aside) => fs.renameSync(aside, path));
    },

    async putIfAbsent(key, body) {
      const path = pathOf(root, key);
      makeFolder(dirname(path));
      try {
        writeAside(key, body, (aside) => {
          // A hard link fails where the name exists, which rename does not: of many callers, one wins.
          fs.linkSync(aside, path);
          fs.rmSync(aside);
        });
        return true;
      } catch (error) {
        if (errnoOf(error) === "EEXIST") return false;
        throw error;
      }
    },

    // Compared and renamed in one turn: other processes have microseconds to come between, of this one nobody has.
    async putIfMatch(key, body, etag) {
      const path = pathOf(root, key);
      let matched = false;
      writeAside(key, body, (aside) => {
        matched = fs.existsSync(path) && hash("sha256", read(root, key)) === etag;
        if (matched) fs.renameSync(aside, path);
        else fs.rmSync(aside);
      });
      return matched;
    },

    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      for (const found of walk(root, folder)) if (found.key.startsWith(prefix)) yield found;
    },

    async head(key) {
      const size = fs.statSync(pathOf(root, key), { throwIfNoEntry: false })?.size;
      if (size === undefined) return undefined;
      return { key, size, etag: hash("sha256", read(root, key)) } satisfies ObjectInfo;
    },
  };
}

function pathOf(root: string, key: string): string {
  const parts = key.split("/");
  if (
    parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0") || part.includes("\\"))
  ) {
    throw new InputError("BadName", `"${key}" is not a key`, { hint: "A key names an object below the store" });
  }
  return join(root, ...parts);
}

function existing(root: string, key: string): string {
  const path = pathOf(root, key);
  if (fs.statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new InputError("FileNotFound", "there is no such object", { file: `${root}${sep}${key}` });
  }
  return path;
}

function read(root: string, key: string): Uint8Array {
  return fs.readFileSync(existing(root, key));
}

function* walk(root: string, folder: string): Generator<ListedObject> {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw error;
  }
  // A folder sorts as its name and a slash: the order that S3 lists keys in.
  const named = entries.map((entry) => ({ entry, name: entry.isDirectory() ? `${entry.name}/` : entry.name }));
  for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (folder === "" && entry.name === GROWING) continue;
    if (entry.isDirectory()) yield* walk(root, folder + name);
    else if (entry.isFile()) yield { key: folder + name, size: fs.statSync(join(root, folder, entry.name)).size };
  }
}
