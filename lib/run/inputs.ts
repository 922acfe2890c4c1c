import { InputError } from "../errors.ts";

/** One input of a run, wherever it is kept. */
export interface InputFile {
  /** Its key, or its file name: what messages, manifest and run id call it. */
  readonly key: string;
  /** Names the bytes; the same for as long as the run reads them. */
  etag(): Promise<string>;
  /** A local path with the bytes of that etag. */
  path(): Promise<string>;
}

/**
 * A path with the very bytes that a record names.
 *
 * @throws InputError `InputChanged` where the input has other bytes by now
 */
export async function pathOf(input: InputFile, { etag }: InputRecord): Promise<string> {
  if ((await input.etag()) === etag) return input.path();
  throw new InputError("InputChanged", "was replaced since the run began", {
    file: input.key,
    hint: "Start the run again: it is then a new run, of the new file",
  });
}

/** What a run reads. */
export interface RunInputs {
  readonly observations: InputFile;
  readonly forecast: InputFile;
  readonly stations: InputFile;
}

/** An input as the records of a run name it. */
export interface InputRecord {
  readonly key: string;
  readonly etag: string;
}

export async function inputRecord(input: InputFile): Promise<InputRecord> {
  return { key: input.key, etag: await input.etag() };
}
