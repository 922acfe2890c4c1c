import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { InputError, messageOf } from "../../lib/errors.ts";
import type { InputFile } from "../../lib/store/input-file.ts";

/** A file of this machine as an input; its etag is the SHA-256 of its bytes, as a folder store's are. */
export function localFile(path: string): InputFile {
  let etag: Promise<string> | undefined;
  return {
    key: basename(path),
    path: () => Promise.resolve(path),
    etag: () => (etag ??= hashFile(path)),
  };
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
