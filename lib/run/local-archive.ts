import type { NamedPath } from "../store/input-file.ts";
import { type ArchiveInput, requireSame } from "./inputs.ts";
import type { InputRecord } from "./records.ts";

/** An archive on this machine, in one file or in several; the key is what messages call it. */
export type LocalArchive = NamedPath | { readonly key: string; readonly files: readonly NamedPath[] };

/**
 * The very bytes of an archive that a record names.
 *
 * @throws InputError `InputChanged` where the input has other bytes by now
 */
export async function localArchive(input: ArchiveInput, record: InputRecord): Promise<LocalArchive> {
  await requireSame(input, record);
  return filesOf(input);
}

/** The archive as it is now. */
export async function filesOf(input: ArchiveInput): Promise<LocalArchive> {
  const { key } = input;
  return "files" in input ? { key, files: await input.files() } : { key, path: await input.path() };
}
