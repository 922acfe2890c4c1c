import { createReadStream, createWriteStream } from "node:fs";
import { dirname } from "node:path";
import { PassThrough, Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createGunzip, createInflateRaw } from "node:zlib";
import { brokenFile, errnoOf, InputError } from "../../errors.ts";
import { cannotWrite } from "../../store/disk-errors.ts";

/** Bytes of a file that are the packed ones of another, and what is known of that. */
export interface PackedBytes {
  readonly path: string;
  /** What messages call it. */
  readonly file: string;
  readonly start: number;
  readonly length: number;
  readonly method: "gzip" | "deflate" | "stored";
  /** Where the archive declares them. */
  readonly expected?: { readonly size: number; readonly crc: number };
}

const UNPACKERS: Readonly<Record<PackedBytes["method"], () => Transform>> = {
  gzip: () => createGunzip(),
  deflate: () => createInflateRaw(),
  stored: () => new PassThrough(),
};

/**
 * What a small file may unpack to, and each of its bytes: deflate makes at most a thousandth of what is the same all over,
 * and no field of numbers is.
 */
const FEW_BYTES = 2 ** 30;
const BYTES_FOR_A_BYTE = 256;

/**
 * Unpacks to a new file; after an error part of it may be there.
 *
 * @throws InputError `BrokenFile` where the packed bytes are damaged, or others than were declared; `TooLarge` for far more
 *   than any file of values would unpack to, or more than the disk takes; `CannotWrite`, `FileNotFound`
 */
export async function unpack(packed: PackedBytes, into: string): Promise<void> {
  const { path, file, start, length, method, expected } = packed;
  const most = Math.max(FEW_BYTES, BYTES_FOR_A_BYTE * length);
  if (expected !== undefined && expected.size > most) throw tooMuch(packed, most);
  let size = 0;
  let crc = 0;
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > most) throw tooMuch(packed, most);
      if (expected !== undefined) crc = crc32(chunk, crc);
      yield chunk;
    }
  }
  // An empty range would be read as the whole file.
  const source = length === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + length - 1 });
  try {
    await pipeline(source, UNPACKERS[method](), counted, createWriteStream(into, { flags: "wx" }));
  } catch (cause) {
    throw refusal(cause, packed, into);
  }
  if (expected !== undefined && (size !== expected.size || crc !== expected.crc)) {
    throw brokenFile("is damaged: what is packed in it is not what it declares", { file });
  }
}

function refusal(cause: unknown, { file, path }: PackedBytes, into: string): unknown {
  const code = errnoOf(cause) ?? "";
  if (code === "Z_BUF_ERROR") return brokenFile("is truncated: what is packed in it has no end", { file, cause });
  if (code.startsWith("Z_")) return brokenFile("is damaged: it cannot be unpacked", { file, cause });
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new InputError("TooLarge", `does not fit, unpacked, into ${dirname(into)}`, {
      file,
      hint: "Give the function more ephemeral storage, or the command another temporary folder with TMPDIR",
      cause,
    });
  }
  const failed = cause instanceof Error && "path" in cause ? cause.path : undefined;
  const isRead = failed === path || (cause instanceof Error && "syscall" in cause && cause.syscall === "read");
  if (!isRead) return cannotWrite(cause, into);
  const hint = "Look whether its disk fails, then start the run again";
  return new InputError("FileNotFound", `cannot be read to its end (${code})`, { file, hint, cause });
}

function tooMuch({ file }: PackedBytes, most: number): InputError {
  return new InputError("TooLarge", `unpacks to more than ${most} bytes`, {
    file,
    hint: "Unpack it first, if it is not damaged",
  });
}
