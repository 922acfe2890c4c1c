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

/** The files in the folder of another. */
export interface FilesBeside {
  /** The keys of those whose names begin with this text, that one's own among them, in order. */
  keys(start: string): Promise<readonly string[]>;
  /** One of them as an input. */
  open(key: string): InputFile;
}

/** A file of this machine, and what messages call it. */
export interface NamedPath {
  readonly path: string;
  readonly key: string;
}

/** One input of a run that is kept in several files. Its key is the pattern of theirs. */
export interface InputFiles extends Pick<InputFile, "key" | "etag" | "size"> {
  /** Local paths with the bytes that the etag names, in order of their keys. */
  files(): Promise<readonly NamedPath[]>;
}
