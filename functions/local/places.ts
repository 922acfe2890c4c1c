import { folderStore } from "../../lib/store/folder.ts";
import type { InputFile } from "../../lib/store/input-file.ts";
import { filePlace, folderPlace } from "../../lib/store/place.ts";
import { prefixedStore } from "../../lib/store/prefixed.ts";
import { type ObjectStore, requireObject } from "../../lib/store/store.ts";
import type { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { hashFile, localFile, readNamedFile } from "./files.ts";

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
 * A file of this machine, or an object of a bucket, as an input.
 *
 * @param downloads - where an object is downloaded to
 * @param hashLarge - hashes large files of this machine
 * @throws InputError `BadName`; from its methods those of the file or the object
 */
export function openInput(
  text: string,
  downloads: TemporaryFolder,
  hashLarge = async (path: string) => hashFile(path),
): InputFile {
  const place = filePlace(text);
  if (place.kind === "path") return localFile(place.path, hashLarge);
  const { bucket, key } = place;
  let opened: Promise<InputFile> | undefined;
  const open = () => (opened ??= loadBuckets().then(({ bucketFile }) => bucketFile(bucket, key, downloads.path)));
  return {
    key,
    etag: async () => (await open()).etag(),
    size: async () => (await open()).size(),
    path: async () => (await open()).path(),
  };
}

/** The bytes of a small file, or object. @throws InputError `BadName`, `BadSetting`, `FileNotFound`, `NoAccess` */
export async function readNamed(text: string): Promise<Uint8Array> {
  const place = filePlace(text);
  if (place.kind === "path") return readNamedFile(place.path);
  const { bucketStore } = await loadBuckets();
  return (await requireObject(await bucketStore(place.bucket), place.key)).body;
}
