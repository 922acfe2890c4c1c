import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm, statfs } from "node:fs/promises";
import { extname, join } from "node:path";
import { eachLimited } from "../each-limited.ts";
import { InputError } from "../errors.ts";
import { once } from "../once.ts";
import type { InputFile } from "./input-file.ts";
import type { ObjectInfo, S3Client } from "./s3-client.ts";
import { type ByteRange, headObject, PART_BYTES, readObject } from "./s3-read.ts";

/** Parts of one download under way at once: 48 MiB of memory. */
const PARTS_AT_ONCE = 6;

/**
 * An object of a bucket as an input. It is looked up once, and downloaded to `folder` once, when it is first asked for;
 * what failed may be asked for again. The folder is the caller's to remove.
 *
 * @throws InputError from its methods: `FileNotFound`, `EmptyFile`; `BadName` for a folder's marker, `NoAccess` for a
 *   bucket that cannot be read; from `path` those of {@link download}
 */
export function s3File(client: S3Client, bucket: string, key: string, folder: string): InputFile {
  const info = once(() => inputInfo(client, bucket, key));
  const path = once(async () => download(client, bucket, await info(), folder));
  return { key, path, etag: async () => (await info()).etag, size: async () => (await info()).size };
}

/**
 * Downloads an object in parallel ranges to a new file in `folder`, and returns its path. Every range is read on
 * condition of the etag, so the file holds one version of the object; after an error there is no file.
 *
 * @throws InputError `InputChanged` where the object was replaced meanwhile, `FileNotFound` where it was removed,
 *   `TooLarge` where the folder's disk has no room for it
 */
export async function download(client: S3Client, bucket: string, info: ObjectInfo, folder: string): Promise<string> {
  await checkRoom(bucket, info, folder);
  // The extension is kept for readers of file names, unless it is none.
  const extension = /^\.\w{1,10}$/.exec(extname(info.key))?.[0] ?? "";
  const path = join(folder, `${randomUUID()}${extension}`);
  const file = await open(path, "wx");
  try {
    await eachLimited(partsOf(info.size), PARTS_AT_ONCE, async (part) => {
      const found = await readObject({ client, bucket, key: info.key }, { range: part, etag: info.etag });
      if (found === undefined) throw absent(bucket, info.key);
      await writeAt(file, found.body, part.start);
    });
    const { size } = await file.stat();
    if (size !== info.size) throw new Error(`${path} has ${size} bytes, ${info.size} were read`);
    await file.close();
    return path;
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

async function inputInfo(client: S3Client, bucket: string, key: string): Promise<ObjectInfo> {
  const file = `s3://${bucket}/${key}`;
  if (key.endsWith("/")) {
    throw new InputError("BadName", "is a folder, not a file", { file, hint: "Name an object in it" });
  }
  const info = await headObject({ client, bucket, key });
  if (info === undefined) {
    // The answer to a HEAD does not say whether it is the object that is missing, or the bucket.
    await readObject({ client, bucket, key }, { range: { start: 0, length: 1 } });
    throw absent(bucket, key);
  }
  if (info.size === 0) throw new InputError("EmptyFile", "has no bytes", { file, hint: "Upload it again" });
  return info;
}

function absent(bucket: string, key: string): InputError {
  return new InputError("FileNotFound", "there is no such object", { file: `s3://${bucket}/${key}` });
}

async function checkRoom(bucket: string, { key, size }: ObjectInfo, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (size > bavail * bsize) {
    throw new InputError("TooLarge", `${size} bytes do not fit into ${folder}, where ${bavail * bsize} are free`, {
      file: `s3://${bucket}/${key}`,
      hint: "Give the function more ephemeral storage, or the command another temporary folder with TMPDIR",
    });
  }
}

function* partsOf(size: number): Generator<ByteRange> {
  for (let start = 0; start < size; start += PART_BYTES) yield { start, length: Math.min(PART_BYTES, size - start) };
}

/** Writes all of `bytes`, which one call need not do. */
async function writeAt(file: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
  }
}
