import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { InputError, messageOf } from "../../lib/errors.ts";
import type { InputFile } from "../../lib/store/input-file.ts";

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
  const hash = createHash("sha256");
  try {
    // A pipe or a device might never end.
    if (!fs.statSync(path).isFile()) throw new Error("it is not a file");
    const file = fs.openSync(path, "r");
    try {
      for (const buffer = new Uint8Array(READ_BYTES); ; ) {
        const count = fs.readSync(file, buffer);
        if (count === 0) return hash.digest("hex");
        hash.update(buffer.subarray(0, count));
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
