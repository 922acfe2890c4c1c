/** One input of a run, wherever it is kept. */
export interface InputFile {
  /** Its key, or its file name: what messages, manifest and run id call it. */
  readonly key: string;
  /** Names the bytes; the same for as long as the run reads them. */
  etag(): Promise<string>;
  /** How many bytes these are. */
  size(): Promise<number>;
  /** A local path with the bytes of that etag. */
  path(): Promise<string>;
}
