import { hash } from "node:crypto";
import { InputError } from "../errors.ts";
import { fitsPattern } from "../name-pattern.ts";

/** Whether a key or path stands for several files: its last part has a `*` or a `?`. */
export function isPattern(key: string): boolean {
  return /[*?][^/]*$/.test(key);
}

/** Whether a key names a store of Zarr: not one object, but all below it. */
export function isStore(key: string): boolean {
  return /\.zarr\/?$/i.test(key);
}

/** A pattern, in two. */
export interface PatternParts {
  /** What all of its keys begin with, up to a slash. */
  readonly folder: string;
  /** Whether a key is one of its own. */
  readonly fits: (key: string) => boolean;
}

/** @throws InputError `BadName` where a folder of it has a `*` or a `?` */
export function patternParts(pattern: string): PatternParts {
  const folder = pattern.slice(0, pattern.lastIndexOf("/") + 1);
  if (/[*?]/.test(folder)) {
    throw new InputError("BadName", "has a * or ? in a folder", {
      file: pattern,
      hint: "They may stand in the last part alone, as in observations/era5/*.nc",
    });
  }
  const names = pattern.slice(folder.length);
  return {
    folder,
    fits(key) {
      const name = key.slice(folder.length);
      // What is hidden is no data, and what lies in a folder below has another name.
      return key.startsWith(folder) && !name.includes("/") && !name.startsWith(".") && fitsPattern(name, names);
    },
  };
}

/** @throws InputError `FileNotFound` for a pattern that no file fits */
export function requireSome<T>(files: readonly T[], pattern: string): readonly T[] {
  if (files.length > 0) return files;
  throw new InputError("FileNotFound", "there is no file of that pattern", {
    file: pattern,
    hint: "Name a folder that has some; * stands for any letters, ? for one",
  });
}

/** The etag of files as one input: {@link etagOfAll}, of each one's own. They are asked one after another. */
export async function etagOfEach(files: readonly { readonly key: string; etag(): Promise<string> }[]): Promise<string> {
  const etags: { key: string; etag: string }[] = [];
  for (const file of files) etags.push({ key: file.key, etag: await file.etag() });
  return etagOfAll(etags);
}

/** Bytes of files as one input. */
export async function sizeOfEach(files: readonly { size(): Promise<number> }[]): Promise<number> {
  let sum = 0;
  for (const file of files) sum += await file.size();
  return sum;
}

/** Names the bytes of all, and which files there are. */
export function etagOfAll(files: readonly { readonly key: string; readonly etag: string }[]): string {
  return hash("sha256", JSON.stringify(files.map(({ key, etag }) => [key, etag])));
}
