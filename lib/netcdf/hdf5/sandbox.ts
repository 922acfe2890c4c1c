import type { Module } from "h5wasm/node";
// The package exports its one module alone, which could not be replaced after a damaged file; and it has no types for
// what makes another.
// @ts-expect-error: no types
import makeModule from "../../../node_modules/h5wasm/dist/node/hdf5_util.js";
import { withLimitedMemory } from "./limited-memory.ts";

/** The functions of the HDF5 library. */
export type Hdf5 = typeof Module;

/** What the library calls the one file that it can open. */
export const INPUT = "/input.nc";

/** An HDF5 library that sees one file of the machine, and neither its other files nor its environment. */
export interface Sandbox {
  readonly hdf5: Hdf5;
  /** Makes the file at `path` the one that the library can open, as {@link INPUT}. */
  give(path: string): void;
  /** Whether the library has closed all that it opened: what it holds on to, it would take for the next file. */
  closed(): boolean;
  /**
   * Since the last call: the first path that the library was refused, whether it was refused memory, and the end of what it
   * said of what failed.
   */
  news(): { readonly refused: string | undefined; readonly full: boolean; readonly words: string };
}

/** The file system of the library: as it is made, the machine's own. */
interface Files extends Record<string, unknown> {
  readonly ErrnoError: new (code: number) => Error;
  readonly open: (path: string, flags: string) => unknown;
  readonly close: (stream: unknown) => unknown;
  readonly read: (stream: unknown, ...where: readonly unknown[]) => number;
  readonly stat: (path: string) => unknown;
}

interface Options {
  readonly noInitialRun: boolean;
  readonly preRun: () => void;
  readonly onRuntimeInitialized: () => void;
  readonly locateFile: (path: string) => never;
  readonly printErr: () => void;
}

const make: (options: Options) => Promise<Hdf5 & { readonly FS: Files }> = makeModule;

/** What it needs of its files once one is open. All else takes a path, or writes. */
const ON_OPEN_FILES = new Set(
  (
    "ErrnoError FSStream FSNode getStream getStreamChecked createStream closeStream nextfd isClosed " +
    "isFile isDir isLink isChrdev isBlkdev isFIFO isSocket fstat read llseek close ioctl"
  ).split(" "),
);

const NO_SUCH_FILE = 44;

/** Bytes of the library's memory: four of the largest chunks that it is to read, and what it needs for itself. */
export const MOST_MEMORY = 2 ** 28;

/** Characters of HDF5's report of an error that are kept. */
const MOST_WORDS = 2 ** 13;

/**
 * HDF5 opens whatever a file names: external storage, links, virtual datasets, plugins of filters. And it holds the
 * environment in its memory, of which a damaged file can get it to give some. Here it has no environment, and its file
 * system one file, which it can read.
 */
export async function makeSandbox(): Promise<Sandbox> {
  let environment = process.env;
  const given = { full: false };
  const options: Options = {
    noInitialRun: true,
    // It copies the environment between these two calls, when nothing else runs.
    preRun() {
      environment = process.env;
      process.env = {};
    },
    onRuntimeInitialized() {
      process.env = environment;
    },
    // Of libraries that it would load, past its own file system.
    locateFile(path) {
      throw new Error(`no library is loaded: ${path}`);
    },
    printErr() {},
  };
  const refuse = () => {
    given.full = true;
  };
  const hdf5 = await withLimitedMemory(MOST_MEMORY, refuse, () => make(options)).finally(() => {
    process.env = environment;
  });

  // Folders in which it looks for filters, and whenever a file cannot be opened.
  while (hdf5.get_plugin_search_paths().length > 0) hdf5.remove_plugin_search_path(0);
  return { hdf5, ...confine(hdf5.FS, given) };
}

/**
 * Leaves of a library's file system the one file that it is given.
 *
 * @param asked - says whether it was refused more memory
 */
function confine(files: Files, asked: { full: boolean }): Omit<Sandbox, "hdf5"> {
  const { open, close, read, stat } = files;
  const opened = new Set<unknown>();
  let given: string | undefined;
  let refused: string | undefined;
  let words = "";
  function refuse(path: unknown): never {
    refused ??= String(path);
    throw new files.ErrnoError(NO_SUCH_FILE);
  }
  const only =
    <T>(use: (path: string) => T) =>
    (path: unknown): T =>
      path === INPUT && given !== undefined ? use(given) : refuse(path);
  for (const name of Object.keys(files)) {
    if (typeof files[name] === "function" && !ON_OPEN_FILES.has(name)) files[name] = refuse;
  }
  Object.assign(files, {
    open: only((path) => {
      const stream = open(path, "r");
      opened.add(stream);
      return stream;
    }),
    close(stream: unknown) {
      opened.delete(stream);
      return close(stream);
    },
    // Standard input is a stream from the beginning.
    read: (stream: unknown, ...where: readonly unknown[]) =>
      opened.has(stream) ? read(stream, ...where) : refuse("/dev/fd"),
    stat: only((path) => stat(path)),
    lstat: only((path) => stat(path)),
    cwd: () => "/",
    // HDF5 writes to stderr what fails, and where in its source.
    write(_stream: unknown, memory: Int8Array, offset: number, length: number) {
      words = (words + Buffer.from(memory.buffer, offset, length).toString("latin1")).slice(-MOST_WORDS);
      return length;
    },
  });
  return {
    give(path) {
      given = path;
    },
    closed: () => opened.size === 0,
    news() {
      const news = { refused, words, full: asked.full };
      refused = undefined;
      asked.full = false;
      words = "";
      return news;
    },
  };
}
