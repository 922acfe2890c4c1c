import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { brokenFile, errnoOf, InputError, messageOf } from "../../errors.ts";

/** More than the metadata of any store takes. */
const MOST_METADATA_BYTES = 2 ** 26;

/** Files that say that a folder is a store of Zarr. */
const MARKS = [".zgroup", ".zmetadata", "zarr.json", ".zarray"];

/** Whether a path is a folder that holds a store of Zarr. */
export function isZarr(path: string): boolean {
  return MARKS.some((mark) => existsSync(join(path, mark)));
}

/** A folder's files. */
export class ZarrFolder {
  readonly path: string;
  /** What messages call it. */
  readonly file: string;

  constructor(path: string, file: string) {
    this.path = path;
    this.file = file;
  }

  /** Names of the folders in it. */
  folders(): string[] {
    return this.#asked("", () =>
      readdirSync(this.path, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [] : [entry.name])),
    ).sort();
  }

  /** A small file, or undefined where there is none. @throws InputError `TooLarge` */
  metadata(key: string): Uint8Array | undefined {
    const path = join(this.path, key);
    return this.#asked(key, () => {
      const size = statSync(path, { throwIfNoEntry: false })?.size;
      if (size === undefined) return undefined;
      if (size <= MOST_METADATA_BYTES) return readFileSync(path);
      throw new InputError("TooLarge", `has ${size} bytes of metadata`, { file: `${this.file}/${key}` });
    });
  }

  /**
   * Bytes of a file: all, or those that `rangeOf` tells of its size. Undefined where there is no file.
   *
   * @param most - that are read
   * @throws InputError `BrokenFile` where there are more, or fewer than the range needs
   */
  bytes(
    key: string,
    most: number,
    rangeOf = (size: number): readonly [number, number] => [0, size],
  ): Uint8Array | undefined {
    const path = join(this.path, key);
    return this.#asked(key, () => {
      let descriptor: number;
      try {
        descriptor = openSync(path, "r");
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return undefined;
        throw error;
      }
      try {
        const { size } = fstatSync(descriptor);
        const [start, length] = rangeOf(size);
        if (start < 0 || length > most || start + length > size) {
          throw brokenFile(`is damaged: it has ${size} bytes`, { file: `${this.file}/${key}` });
        }
        return readAll(descriptor, start, new Uint8Array(length));
      } finally {
        closeSync(descriptor);
      }
    });
  }

  /** Bytes of all that is in a folder of it. */
  sizeOf(key: string): number {
    return this.#asked(key, () => {
      const path = join(this.path, key);
      if (!existsSync(path)) return 0;
      const files = readdirSync(path, { recursive: true, withFileTypes: true });
      const sizes = files.map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false }));
      return sizes.reduce((sum, found) => sum + (found?.isFile() === true ? found.size : 0), 0);
    });
  }

  #asked<T>(key: string, ask: () => T): T {
    try {
      return ask();
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      const file = key === "" ? this.file : `${this.file}/${key}`;
      throw new InputError("FileNotFound", `cannot be read (${messageOf(cause)})`, { file, cause });
    }
  }
}

function readAll(descriptor: number, start: number, into: Uint8Array): Uint8Array {
  for (let done = 0; done < into.length; ) {
    const count = readSync(descriptor, into, done, into.length - done, start + done);
    if (count === 0) return into.subarray(0, done);
    done += count;
  }
  return into;
}
