import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { once } from "../../lib/once.ts";
import type { ArchiveInput } from "../../lib/run/inputs.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { FilesBeside, InputFile } from "../../lib/store/input-file.ts";
import { filePlace, folderPlace } from "../../lib/store/place.ts";
import { prefixedStore } from "../../lib/store/prefixed.ts";
import { isPattern } from "../../lib/store/several-files.ts";
import { type ObjectStore, requireObject } from "../../lib/store/store.ts";
import type { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { hashLargeFile, isFolder, localFile, localFiles, localFolder, namesIn, readNamedFile } from "./files.ts";
import { calledFile, readStdin, STDIN, stdinFile } from "./stdin.ts";

/**
 * What a user names by a path, or by `s3://bucket/key`. What knows S3 is large, and loaded only where a bucket is named.
 */
const loadBuckets = () => import("./buckets.ts");

/** The store that a run is given as `out`: a folder, a bucket or a prefix of one. @throws InputError `BadName`, `BadSetting` */
export async function openStore(out: string): Promise<ObjectStore> {
  const place = folderPlace(out);
  if (place.kind === "path") return folderStore(place.path);
  const store = (await loadBuckets()).bucketStore(place.bucket);
  return place.key === "" ? store : prefixedStore(await store, place.key);
}

/**
 * A file of this machine, an object of a bucket, or stdin, as an input; or a folder, or all below a key, that is a store of Zarr.
 *
 * @param downloads - where an object is downloaded to
 * @param hashLarge - hashes large files of this machine
 * @throws InputError `BadName`; from its methods those of the file or the object
 */
export function openInput(text: string, downloads: TemporaryFolder, hashLarge = hashLargeFile): InputFile {
  if (text === STDIN)
    return openedLate(calledFile(text), async () => localFile(await stdinFile(downloads), hashLargeFile));
  const place = filePlace(text);
  if (place.kind === "path") return (isFolder(place.path) ? localFolder : localFile)(place.path, hashLarge);
  const { bucket, key } = place;
  return openedLate(key, async () => (await loadBuckets()).bucketFile(bucket, key, downloads.path));
}

/** An input that is opened when it is first asked for something. */
function openedLate(key: string, make: () => Promise<InputFile>): InputFile {
  const open = once(make);
  return {
    key,
    etag: async () => (await open()).etag(),
    size: async () => (await open()).size(),
    path: async () => (await open()).path(),
  };
}

/**
 * An archive as an input: what {@link openInput} opens, or all files of a pattern.
 *
 * @throws InputError `BadName`; from its methods those of the files or objects
 */
export function openArchive(text: string, downloads: TemporaryFolder, hashLarge = hashLargeFile): ArchiveInput {
  const place = filePlace(text);
  // A file of that very name is meant.
  if (!isPattern(text) || (place.kind === "path" && existsSync(place.path)))
    return openInput(text, downloads, hashLarge);
  if (place.kind === "path") return localFiles(place.path, hashLarge);
  const { bucket, key } = place;
  const open = once(async () => (await loadBuckets()).bucketFiles(bucket, key, downloads.path));
  return {
    key,
    etag: async () => (await open()).etag(),
    size: async () => (await open()).size(),
    files: async () => (await open()).files(),
  };
}

/**
 * What lies beside a file or an object.
 *
 * @throws InputError `BadName`; from its methods `FileNotFound`, `NoAccess`, `BadSetting`
 */
export function openBeside(text: string, downloads: TemporaryFolder, hashLarge = hashLargeFile): FilesBeside {
  const place = filePlace(text);
  if (place.kind === "path") {
    const folder = dirname(place.path);
    return {
      keys: async (start) => namesIn(folder).filter((name) => name.startsWith(start)),
      open: (name) => openInput(join(folder, name), downloads, hashLarge),
    };
  }
  const { bucket, key } = place;
  return {
    keys: async (start) => (await loadBuckets()).keysBeside(bucket, key, start),
    open: (other) => openInput(`s3://${bucket}/${other}`, downloads, hashLarge),
  };
}

/** The bytes of a small file or object, or of stdin. @throws InputError `BadName`, `BadSetting`, `BadOption`, `FileNotFound`, `NoAccess` */
export async function readNamed(text: string): Promise<Uint8Array> {
  if (text === STDIN) return readStdin();
  const place = filePlace(text);
  if (place.kind === "path") return readNamedFile(place.path);
  const { bucketStore } = await loadBuckets();
  return (await requireObject(await bucketStore(place.bucket), place.key)).body;
}
