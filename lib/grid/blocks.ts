import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { InputError, messageOf } from "../errors.ts";
import type { Address, Kernels } from "./kernels/kernels.ts";

/**
 * Blocks of one size, each of rows of tiles one after another, that are kept until they are read back by rows. All are in the
 * memory of kernels.
 */
export interface Blocks {
  /** Memory for a block that is to be filled, with any content. */
  fresh(): Address;
  /** Keeps a block that is full, by its number; its memory is not the caller's any longer. */
  keep(block: number, memory: Address): void;
  /** The bytes [`start`, `start + length`) of a block; they are there until a part of it is asked for again. */
  part(block: number, start: number, length: number): Address;
  close(): void;
}

/** Blocks in memory. */
export function memoryBlocks(kernels: Kernels, size: number): Blocks {
  const kept = new Map<number, Address>();
  return {
    fresh: () => kernels.allocate(size),
    keep: (block, memory) => void kept.set(block, memory),
    part: (block, start) => kept.get(block)! + start,
    close() {},
  };
}

/** Bytes of a block and of a row of it, inside which a part lies; and how many blocks there are. */
export interface BlockSizes {
  readonly size: number;
  readonly row: number;
  readonly count: number;
}

/**
 * Blocks in a file, so that few of them are in memory. A part of all blocks is read at one go where it lies side by side in
 * there: that of each row is kept together.
 *
 * @throws InputError `CannotWrite`, also from `keep`, where the disk is full
 */
export function fileBlocks(kernels: Kernels, folder: string, { size, row, count }: BlockSizes): Blocks {
  const path = join(folder, "spool");
  const used = <T>(use: () => T, verb = "written"): T => {
    try {
      return use();
    } catch (cause) {
      throw new InputError("CannotWrite", `cannot be ${verb}: ${messageOf(cause)}`, {
        file: path,
        hint: `Make room there for ${Math.ceil((size * count) / 2 ** 20)} MiB, or set TMPDIR to a folder that has it`,
        cause,
      });
    }
  };
  const file = used(() => openSync(path, "w+"));
  // Without a name it is gone when the process is, however that ends.
  used(() => rmSync(path, { force: true }));
  const free: Address[] = [];
  const parts = new Map<number, { readonly at: Address; readonly length: number }>();
  const place = (block: number, at: number) => (Math.floor(at / row) * count + block) * row + (at % row);
  return {
    fresh: () => free.pop() ?? kernels.allocate(size),
    keep(block, memory) {
      used(() => {
        for (let at = 0; at < size; at += row) writeWhole(file, kernels.bytes(memory + at, row), place(block, at));
      });
      free.push(memory);
    },
    part(block, start, length) {
      let room = parts.get(block);
      if (room === undefined || room.length < length) {
        room = { at: kernels.allocate(length), length };
        parts.set(block, room);
      }
      const part = kernels.bytes(room.at, length);
      for (let done = 0; done < length; ) {
        const at = place(block, start) + done;
        const read = used(() => readSync(file, part, done, length - done, at), "read back");
        if (read === 0) throw new Error(`${path} ends before byte ${place(block, start) + length}`);
        done += read;
      }
      return room.at;
    },
    close: () => used(() => closeSync(file)),
  };
}

/** A call of the system may write less than it is given. */
function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}
