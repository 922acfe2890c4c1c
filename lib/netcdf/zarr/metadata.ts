import { brokenFile, InputError } from "../../errors.ts";
import type { ZarrArray } from "./array.ts";
import { isObject, type Json, parseObject } from "./json.ts";
import type { ZarrFolder } from "./store.ts";
import { arrayOfVersion2 } from "./version-2.ts";
import { arrayOfVersion3 } from "./version-3.ts";

/** What a store says of its root group. */
export interface ZarrMetadata {
  readonly version: 2 | 3;
  readonly arrays: readonly ZarrArray[];
  readonly attributes: Json;
}

/** Arrays of a group: as many as a file may have variables. */
const MOST_ARRAYS = 2 ** 14;

/** Names that are a part of paths as they stand. */
const NAME = /^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u;

/**
 * The metadata of a store: what stands with its arrays, or else what is consolidated in its root.
 *
 * @throws InputError `BrokenFile`, `UnsupportedFormat`, `TooLarge`
 */
export async function readMetadata(folder: ZarrFolder): Promise<ZarrMetadata> {
  const root = jsonAt(folder, "zarr.json");
  return root === undefined ? version2(folder) : version3(folder, root);
}

async function version2(folder: ZarrFolder): Promise<ZarrMetadata> {
  const { file } = folder;
  const all = jsonAt(folder, ".zmetadata")?.["metadata"];
  const consolidated = isObject(all) ? all : {};
  const at = (key: string): Json | undefined => {
    const found = jsonAt(folder, key) ?? consolidated[key];
    return isObject(found) ? found : undefined;
  };
  if (at(".zarray") !== undefined) throw noGroup(file);
  const listed = Object.keys(consolidated).flatMap((key) => /^(.*)\/\.zarray$/.exec(key)?.[1] ?? []);
  const arrays: ZarrArray[] = [];
  for (const name of namesOf(folder, listed)) {
    const array = at(`${name}/.zarray`);
    if (array !== undefined) arrays.push(await arrayOfVersion2(name, array, at(`${name}/.zattrs`) ?? {}, file));
  }
  return { version: 2, arrays, attributes: at(".zattrs") ?? {} };
}

async function version3(folder: ZarrFolder, root: Json): Promise<ZarrMetadata> {
  const { file } = folder;
  if (root["zarr_format"] !== 3) throw brokenFile("its zarr.json is of no format that is known", { file });
  if (root["node_type"] !== "group") throw noGroup(file);
  const all = isObject(root["consolidated_metadata"]) ? root["consolidated_metadata"]["metadata"] : undefined;
  const consolidated = isObject(all) ? all : {};
  const arrays: ZarrArray[] = [];
  for (const name of namesOf(folder, Object.keys(consolidated))) {
    const array = jsonAt(folder, `${name}/zarr.json`) ?? consolidated[name];
    if (isObject(array) && array["node_type"] === "array") arrays.push(await arrayOfVersion3(name, array, file));
  }
  return { version: 3, arrays, attributes: isObject(root["attributes"]) ? root["attributes"] : {} };
}

/** Names that may be arrays': of folders, and those that are listed. @throws InputError `TooLarge` */
function namesOf(folder: ZarrFolder, listed: readonly string[]): string[] {
  const names = [...new Set([...folder.folders(), ...listed])].filter((name) => NAME.test(name));
  if (names.length <= MOST_ARRAYS) return names;
  throw new InputError("TooLarge", `has ${names.length} arrays`, { file: folder.file });
}

function jsonAt(folder: ZarrFolder, key: string): Json | undefined {
  const bytes = folder.metadata(key);
  return bytes && parseObject(bytes, `${folder.file}/${key}`);
}

function noGroup(file: string): InputError {
  return new InputError("UnsupportedFormat", "is an array of Zarr alone, and no group", {
    file,
    hint: "Name the group that it belongs to, which has its coordinates",
  });
}
