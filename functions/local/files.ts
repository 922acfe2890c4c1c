import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { InputError, messageOf } from "../../lib/errors.ts";
import type { InputFile, InputFiles } from "../../lib/store/input-file.ts";
import { etagOfEach, isStore, patternParts, requireSome, sizeOfEach } from "../../lib/store/several-files.ts";

/**
 * A file of this machine as an input; its etag is the SHA-256 of its bytes, as a folder store's are. It is read once, and
 * again when the file was replaced or changed meanwhile.
 *
 * @param hashLarge - hashes large files
 */
export function localFile(path: string, hashLarge: (path: string) => Promise<string>): InputFile {
  let hashed: { readonly stamp: string; readonly etag: string | Promise<string> } | undefined;
  return {
    key: basename(path),
    path: () => Promise.resolve(path),
    size: async () => lookAt(path).size,
    async etag() {
      const { stamp, size } = lookAt(path);
      if (hashed?.stamp !== stamp) hashed = { stamp, etag: size > LARGE_BYTES ? hashLarge(path) : hashFile(path) };
      return hashed.etag;
    },
  };
}

/**
 * All files, or stores of Zarr, of a pattern as one input. Its folder is looked at whenever it is asked what there is: a file
 * that came since is a change, too.
 *
 * @param pattern - a path
 * @param hashLarge - hashes large files
 * @throws InputError `BadName`; from its methods `FileNotFound` where no file fits
 */
export function localFiles(pattern: string, hashLarge: (path: string) => Promise<string>): InputFiles {
  const { folder, fits } = patternParts(pattern);
  const known = new Map<string, InputFile>();
  const list = () => {
    const paths = namesIn(folder).flatMap((name) => (fits(folder + name) ? [folder + name] : []));
    return requireSome(paths.sort(), pattern).map((path) => {
      const file = known.get(path) ?? (isFolder(path) ? localFolder : localFile)(path, hashLarge);
      known.set(path, file);
      return { path, file };
    });
  };
  return {
    key: join(basename(folder), basename(pattern)),
    etag: async () => etagOfEach(list().map(({ file }) => file)),
    size: async () => sizeOfEach(list().map(({ file }) => file)),
    files: async () => list().map(({ path, file }) => ({ path, key: file.key })),
  };
}

/**
 * A folder of this machine as an input, with all files in it. They are looked at whenever it is asked what there is.
 *
 * @param hashLarge - hashes large files
 * @throws InputError from its methods: `FileNotFound` where a file cannot be read
 */
export function localFolder(folder: string, hashLarge: (path: string) => Promise<string>): InputFile {
  const known = new Map<string, InputFile>();
  const list = () =>
    pathsIn(folder).map((path) => {
      const file = known.get(path) ?? localFile(path, hashLarge);
      known.set(path, file);
      return { key: relative(folder, path), etag: () => file.etag(), size: () => file.size() };
    });
  return {
    key: basename(folder),
    path: () => Promise.resolve(folder),
    size: async () => sizeOfEach(list()),
    etag: async () => etagOfEach(list()),
  };
}

function pathsIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)])).sort();
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** Names of the files of a folder, and of the stores of Zarr in it, in order. @throws InputError `FileNotFound` */
export function namesIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder === "" ? "." : folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() && !isStore(entry.name) ? [] : [entry.name])).sort();
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

export function isFolder(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Hashing less than this takes a few milliseconds. */
const LARGE_BYTES = 2 ** 20;

/** {@link lookAt}, the text alone. */
export function stampOf(path: string): string {
  return lookAt(path).stamp;
}

/** A file's size, and a text that changes when the file does, or another takes its place. */
function lookAt(path: string): { stamp: string; size: number } {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(path, { bigint: true });
    return { stamp: [dev, ino, size, mtimeNs, ctimeNs].join(" "), size: Number(size) };
  } catch {
    // Reading it says why.
    return { stamp: "", size: 0 };
  }
}

const READ_BYTES = 2 ** 20;

/** The bytes of a file that the user names. @throws InputError `FileNotFound` */
export async function readNamedFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** SHA-256 of a file's bytes, in hexadecimal. @throws InputError `FileNotFound` */
export function hashFile(path: string): string {
  for (const steps = hashing(path); ; ) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Reads between which progress is drawn, and signals are seen. */
const READS_AT_ONCE = 32;

/** As {@link hashFile}, of a file that may take seconds. @param onPart - told the part that is done, 0 to 1 */
export async function hashLargeFile(path: string, onPart: (part: number) => void = () => {}): Promise<string> {
  const steps = hashing(path);
  for (let reads = 1; ; reads++) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (reads % READS_AT_ONCE > 0) continue;
    onPart(value);
    await new Promise(setImmediate);
  }
}

/** Hashes a file, and gives the part that is done after each of its reads. */
function* hashing(path: string): Generator<number, string> {
  const hash = createHash("sha256");
  try {
    const stat = fs.statSync(path);
    // A pipe or a device might never end.
    if (!stat.isFile()) throw new Error("it is not a file");
    const file = fs.openSync(path, "r");
    try {
      let bytes = 0;
      for (const buffer = new Uint8Array(READ_BYTES); ; ) {
        const count = fs.readSync(file, buffer);
        if (count === 0) return hash.digest("hex");
        hash.update(buffer.subarray(0, count));
        bytes += count;
        yield Math.min(1, bytes / stat.size);
      }
    } finally {
      fs.closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): InputError {
  return new InputError("FileNotFound", `cannot be read: ${messageOf(cause)}`, {
    file: path === "" ? "(no name)" : path,
    hint: "Name a file that exists and that you may read",
    cause,
  });
}
