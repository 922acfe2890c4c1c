import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { InputError, messageOf } from "../../lib/errors.ts";
import type { InputFile } from "../../lib/store/input-file.ts";

/**
 * A file of this machine as an input; its etag is the SHA-256 of its bytes, as a folder store's are. It is read once, and
 * again when the file was replaced or changed meanwhile.
 */
export function localFile(path: string): InputFile {
  let hashed: { readonly stamp: string; readonly etag: Promise<string> } | undefined;
  return {
    key: basename(path),
    path: () => Promise.resolve(path),
    async etag() {
      const stamp = await stampOf(path);
      if (hashed?.stamp !== stamp) hashed = { stamp, etag: hashFile(path) };
      return hashed.etag;
    },
  };
}

/** Changes when the file does, or another takes its place. */
async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    // Reading it says why.
    return "";
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    // A pipe or a device might never end.
    if (!(await stat(path)).isFile()) throw new Error("it is not a file");
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (cause) {
    throw new InputError("FileNotFound", `cannot be read: ${messageOf(cause)}`, {
      file: path === "" ? "(no name)" : path,
      hint: "Name a file that exists and that you may read",
      cause,
    });
  }
  return hash.digest("hex");
}
