import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { brokenFile, InputError, messageOf } from "../errors.ts";

/** Bytes that can be read at any place. */
export interface RandomAccess {
  /** Where it can be opened again. */
  readonly path: string;
  readonly size: number;
  /**
   * Fills `into` with the bytes from `offset` on.
   *
   * @throws InputError `BrokenFile` where there are fewer, `FileNotFound` where the disk gives none
   */
  read(offset: number, into: Uint8Array): void;
  close(): void;
}

/** One call of the operating system reads less than 2 GiB. */
const LARGEST_READ = 2 ** 30;

/**
 * @param file - what messages call it
 * @throws InputError `FileNotFound`
 */
export function openFile(path: string, file: string): RandomAccess {
  const descriptor = openDescriptor(path, file);
  const { size } = asked(file, () => fstatSync(descriptor));
  return {
    path,
    size,
    read(offset, into) {
      let done = 0;
      while (done < into.length) {
        const length = Math.min(into.length - done, LARGEST_READ);
        const count = asked(file, () => readSync(descriptor, into, done, length, offset + done));
        if (count === 0) {
          throw brokenFile(`truncated: needs ${offset + into.length} bytes, has ${offset + done}`, { file });
        }
        done += count;
      }
    },
    close: () => asked(file, () => closeSync(descriptor)),
  };
}

function openDescriptor(path: string, file: string): number {
  try {
    // Opening a pipe would wait for its writer.
    if (statSync(path).isFile()) return openSync(path, "r");
  } catch (cause) {
    throw new InputError("FileNotFound", `cannot be read (${messageOf(cause)})`, { file, cause });
  }
  throw new InputError("FileNotFound", "is not a file", { file });
}

/** What the disk answers of an open file. @throws InputError `FileNotFound` where that is an error */
function asked<T>(file: string, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    const hint = "Look whether its disk fails, then start the run again";
    throw new InputError("FileNotFound", `cannot be read to its end (${messageOf(cause)})`, { file, hint, cause });
  }
}
