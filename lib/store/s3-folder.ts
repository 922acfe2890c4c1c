import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { eachLimited } from "../each-limited.ts";
import { InputError } from "../errors.ts";
import { once } from "../once.ts";
import type { InputFile } from "./input-file.ts";
import type { ObjectInfo, S3Client } from "./s3-client.ts";
import { refusal } from "./s3-errors.ts";
import { download, s3File } from "./s3-file.ts";
import { etagOfAll, isStore } from "./several-files.ts";

/** Objects of a store that are downloaded at once: most are small, so that it is mostly waiting. */
const OBJECTS_AT_ONCE = 24;

/** More chunks than any archive of months needs. */
const MOST_OBJECTS = 2 ** 18;

/** What a key stands for: an object, or all that is below a store of Zarr. */
export function s3Input(client: S3Client, bucket: string, key: string, folder: string): InputFile {
  return isStore(key) ? s3Folder(client, bucket, key, folder) : s3File(client, bucket, key, folder);
}

/**
 * All objects below a key as an input: its path is a folder of theirs. They are listed once, and downloaded to `folder` once,
 * when they are first asked for; what failed may be asked for again. The folder is the caller's to remove.
 *
 * @throws InputError from its methods: `FileNotFound` where there is no object, `TooLarge` for very many, `NoAccess`, and those of
 *   {@link download}
 */
export function s3Folder(client: S3Client, bucket: string, key: string, folder: string): InputFile {
  const prefix = key.endsWith("/") ? key : `${key}/`;
  const list = once(() => listed(client, bucket, prefix));
  const path = once(async () => {
    const into = join(folder, randomUUID());
    try {
      await eachLimited(await list(), OBJECTS_AT_ONCE, async (info) => {
        const target = join(into, info.key.slice(prefix.length));
        await mkdir(dirname(target), { recursive: true });
        await rename(await download(client, bucket, info, folder), target);
      });
    } catch (error) {
      await rm(into, { recursive: true, force: true });
      throw error;
    }
    return into;
  });
  return {
    key,
    path,
    etag: async () => etagOfAll(await list()),
    size: async () => (await list()).reduce((sum, { size }) => sum + size, 0),
  };
}

/** The objects below a prefix, but for the markers of folders. */
async function listed(client: S3Client, bucket: string, prefix: string): Promise<readonly ObjectInfo[]> {
  const file = `s3://${bucket}/${prefix}`;
  const found: ObjectInfo[] = [];
  try {
    for await (const info of client.list(bucket, prefix)) {
      if (info.key.endsWith("/")) continue;
      found.push(info);
      if (found.length > MOST_OBJECTS) break;
    }
  } catch (error) {
    throw refusal(error, "s3:ListBucket", bucket, prefix);
  }
  if (found.length === 0) throw new InputError("FileNotFound", "there is no object below it", { file });
  if (found.length > MOST_OBJECTS) {
    throw new InputError("TooLarge", `has more than ${MOST_OBJECTS} objects`, {
      file,
      hint: "Write it again with larger chunks",
    });
  }
  const bad = found.find(({ key }) => !isBelow(key.slice(prefix.length)));
  if (bad !== undefined) throw new InputError("BadName", `"${bad.key}" can be no file of a folder`, { file });
  return found;
}

function isBelow(path: string): boolean {
  return path.split("/").every((part) => !["", ".", ".."].includes(part) && !/[\0\\]/.test(part));
}
