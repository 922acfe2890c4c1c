import { devNull } from "node:os";
import { type FS, Module, ready } from "h5wasm/node";
// @ts-expect-error: the package has no types for what makes its module.
import makeModule from "../../node_modules/h5wasm/dist/node/hdf5_util.js";
import { isInputError } from "../errors.ts";
import { PATIENCE_MS, withinTime } from "../within-time.ts";
import { brokenFile } from "./broken-file.ts";

declare global {
  namespace FS {
    interface FileSystemType {
      getStream(fd: number): FSStream;
    }
  }
}

/** The module of h5wasm, and the library's own files, which are not the process's. */
type Library = typeof Module & { readonly FS: NonNullable<typeof FS> };

const make: (options: { noInitialRun: boolean }) => Promise<Library> = makeModule;

const STDERR = 2;

let state: "absent" | "ready" | "spoilt" = "absent";

/**
 * Makes the HDF5 library ready and silences it: it would print a stack of errors for everything that fails. One that
 * met a damaged file is replaced by a new one, as its memory may be damaged as well; a file that was open in it is so
 * no more.
 */
export async function loadHdf5(): Promise<void> {
  await ready;
  if (state === "ready") return;
  const fresh = state === "absent" ? (Module as Library) : await make({ noInitialRun: true });
  // The next file to be opened takes the free number.
  fresh.FS.close(fresh.FS.getStream(STDERR));
  fresh.FS.open(devNull, "w");
  if (state === "spoilt") replaceBy(fresh);
  state = "ready";
}

/** The package keeps its module for itself, so that all that the module has is looked up in the new one. */
function replaceBy(fresh: Library): void {
  room = { address: 0, length: 0 };
  for (const key of Object.keys(fresh)) {
    Object.defineProperty(Module, key, {
      configurable: true,
      enumerable: true,
      get: () => fresh[key as keyof Library] as unknown,
    });
  }
}

/**
 * Runs what calls the library. From a damaged file it may never come back, or abort.
 *
 * @param problem - what to tell of the file where the work fails
 * @param file - what messages call it
 * @throws InputError `BrokenFile`, and those of the work
 */
export function guarded<T>(work: () => T, problem: string, file: string, patience = PATIENCE_MS): T {
  let cause: unknown;
  try {
    const done = withinTime(patience, work);
    if (done !== undefined) return done.value;
    cause = new Error(`HDF5 did not come to an end within ${patience / 1000} s`);
  } catch (error) {
    if (isInputError(error)) throw error;
    cause = error;
  }
  state = "spoilt";
  throw brokenFile(problem, file, cause);
}

let room = { address: 0, length: 0 };

/**
 * The address of `length` bytes in the library's memory, until the next call; 0 if they do not fit. That memory never
 * shrinks, so there is one room for all that is copied out of it.
 */
export function takeRoom(length: number): number {
  if (length > room.length) {
    Module["_free"](room.address);
    room = { address: 0, length: 0 };
    const address = Module["_malloc"](length);
    room = { address, length: address === 0 ? 0 : length };
  }
  return room.address;
}
