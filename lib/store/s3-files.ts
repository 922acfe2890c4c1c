import { once } from "../once.ts";
import type { FilesBeside, InputFile, InputFiles, NamedPath } from "./input-file.ts";
import type { ObjectInfo, ObjectPlace, S3Client } from "./s3-client.ts";
import { refusal } from "./s3-errors.ts";
import { download } from "./s3-file.ts";
import { s3Folder, s3Input } from "./s3-folder.ts";
import { etagOfAll, etagOfEach, isPattern, isStore, patternParts, requireSome, sizeOfEach } from "./several-files.ts";

/** Where the objects of an input are. */
export interface S3Pattern {
  readonly client: S3Client;
  readonly bucket: string;
  /** Of their keys. */
  readonly pattern: string;
}

/**
 * All objects of a pattern as one input, or all stores of Zarr of one that ends in `.zarr`. They are listed once, and
 * downloaded to `folder` once, one after another, when they are first asked for; what failed may be asked for again. The
 * folder is the caller's to remove.
 *
 * @throws InputError `BadName` for a pattern that is none; from its methods `FileNotFound` where no object fits, `NoAccess`, and
 *   those of {@link download}
 */
export function s3Files(place: S3Pattern, folder: string): InputFiles {
  const { client, bucket, pattern } = place;
  if (isStore(pattern)) return s3Stores(place, folder);
  const list = once(() => listed(place));
  const files = once(async () => {
    const paths: NamedPath[] = [];
    for (const info of await list()) paths.push({ path: await download(client, bucket, info, folder), key: info.key });
    return paths;
  });
  return {
    key: pattern,
    etag: async () => etagOfAll(await list()),
    size: async () => (await list()).reduce((sum, { size }) => sum + size, 0),
    files,
  };
}

function s3Stores(place: S3Pattern, folder: string): InputFiles {
  const { client, bucket, pattern } = place;
  const list = once(async () => (await listedStores(place)).map((key) => s3Folder(client, bucket, key, folder)));
  return {
    key: pattern,
    etag: async () => etagOfEach(await list()),
    size: async () => sizeOfEach(await list()),
    async files() {
      const paths: NamedPath[] = [];
      for (const store of await list()) paths.push({ path: await store.path(), key: store.key });
      return paths;
    },
  };
}

/** What a key stands for: an object, all that fit it as a pattern, or all below a store of Zarr. */
export function s3Archive(place: S3Pattern, folder: string): InputFile | InputFiles {
  const { client, bucket, pattern } = place;
  return isPattern(pattern) ? s3Files(place, folder) : s3Input(client, bucket, pattern, folder);
}

/** The objects in the folder of a key. They are downloaded as {@link s3Input} does. @throws InputError as {@link s3Files} */
export function s3Beside(
  { client, bucket, key }: ObjectPlace & { readonly client: S3Client },
  folder: string,
): FilesBeside {
  const prefix = key.slice(0, key.lastIndexOf("/") + 1);
  return {
    async keys(start) {
      const found: string[] = [];
      await eachBelow(client, bucket, prefix + start, (info) => found.push(info.key));
      return found.filter((other) => !other.slice(prefix.length).includes("/"));
    },
    open: (other) => s3Input(client, bucket, other, folder),
  };
}

async function listed({ client, bucket, pattern }: S3Pattern): Promise<readonly ObjectInfo[]> {
  const { folder, fits } = patternParts(pattern);
  const found: ObjectInfo[] = [];
  await eachBelow(client, bucket, folder, (info) => fits(info.key) && found.push(info));
  return requireSome(found, `s3://${bucket}/${pattern}`);
}

/** The keys of the stores of a pattern, in order. */
async function listedStores({ client, bucket, pattern }: S3Pattern): Promise<readonly string[]> {
  const { folder, fits } = patternParts(pattern.replace(/\/$/, ""));
  const found = new Set<string>();
  await eachBelow(client, bucket, folder, ({ key }) => {
    const end = key.indexOf("/", folder.length);
    if (end !== -1 && fits(key.slice(0, end))) found.add(key.slice(0, end));
  });
  return requireSome([...found].sort(), `s3://${bucket}/${pattern}`);
}

async function eachBelow(
  client: S3Client,
  bucket: string,
  folder: string,
  use: (info: ObjectInfo) => unknown,
): Promise<void> {
  try {
    for await (const info of client.list(bucket, folder)) use(info);
  } catch (error) {
    throw refusal(error, "s3:ListBucket", bucket, folder);
  }
}
