import { InputError } from "../errors.ts";
import type { Encoding } from "../stations/encoding.ts";
import type { FilesBeside, InputFile, InputFiles } from "../store/input-file.ts";
import type { InputRecord } from "./records.ts";

/**
 * A path with the very bytes that a record names.
 *
 * @throws InputError `InputChanged` where the input has other bytes by now
 */
export async function pathOf(input: InputFile, record: InputRecord): Promise<string> {
  await requireSame(input, record);
  return input.path();
}

/** Throws as {@link pathOf}, and reads nothing. */
export async function requireSame(input: Pick<InputFile, "key" | "etag">, { etag }: InputRecord): Promise<void> {
  if ((await input.etag()) === etag) return;
  throw new InputError("InputChanged", "was replaced since the run began", {
    file: input.key,
    hint: "Start the run again: it is then a new run, of the new file",
  });
}

/** An archive, in one file or in several. */
export type ArchiveInput = InputFile | InputFiles;

/** What a run reads. */
export interface RunInputs {
  readonly observations: ArchiveInput;
  readonly forecast: InputFile;
  readonly stations: InputFile;
  /** Of a product with a climatology of its own. */
  readonly climatology?: InputFile | undefined;
  /** Hindcasts, or their climatology, of a product that takes it off its forecasts. */
  readonly hindcasts?: ArchiveInput | undefined;
  /** What lies beside the forecast, of a product that makes the mean of several. */
  readonly beside?: FilesBeside | undefined;
  /** Of a station table that is text; found out by default. */
  readonly encoding?: Encoding | undefined;
}

export async function inputRecord(input: Pick<InputFile, "key" | "etag">): Promise<InputRecord> {
  return { key: input.key, etag: await input.etag() };
}
