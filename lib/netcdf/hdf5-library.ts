import { devNull } from "node:os";
import { FS, Module, ready } from "h5wasm/node";

declare global {
  namespace FS {
    interface FileSystemType {
      getStream(fd: number): FSStream;
    }
  }
}

const STDERR = 2;

let quiet = false;

/** Compiles the HDF5 library and silences it: it would print a stack of errors for everything that fails. */
export async function loadHdf5(): Promise<void> {
  await ready;
  if (quiet || FS === null) return;
  // The library's own table of files, not the process's; the next file to be opened takes the free number.
  FS.close(FS.getStream(STDERR));
  FS.open(devNull, "w");
  quiet = true;
}

let room = { address: 0, length: 0 };

/**
 * The address of `length` bytes in the library's memory, until the next call; 0 if they do not fit. That memory never
 * shrinks, so there is one room for all that is copied out of it.
 */
export function takeRoom(length: number): number {
  if (length > room.length) {
    Module["_free"](room.address);
    const address = Module["_malloc"](length);
    room = { address, length: address === 0 ? 0 : length };
  }
  return room.address;
}
