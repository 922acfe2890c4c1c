import { brokenFile, InputError, isInputError } from "../../errors.ts";
import { outOfTime, withinTime } from "../../within-time.ts";
import { openFile, type RandomAccess } from "../random-access.ts";
import { behindUserBlock } from "./format/superblock.ts";
import { type Hdf5, INPUT, MOST_MEMORY, makeSandbox, type Sandbox } from "./sandbox.ts";

const WRITE_ANEW = "Write it anew with nccopy in.nc out.nc; if that does not end either, fetch it again";

/** The last one whose file was closed in good order: making another takes longer than reading most files. */
let idle: Sandbox | undefined;

/** A file, open in an HDF5 library that no other open file shares. */
export class Hdf5File {
  readonly hdf5: Hdf5;
  /** The library's handle; below 0 where it cannot open the file. */
  readonly id: bigint;
  /** What messages call the file. */
  readonly file: string;
  /** To the same file, for what the library does not tell; its addresses are the library's. */
  readonly access: RandomAccess;
  readonly #sandbox: Sandbox;
  #memory = { address: 0, length: 0 };
  #sound = true;

  /** @throws InputError `BrokenFile` */
  static async open(path: string, file: string): Promise<Hdf5File> {
    const sandbox = idle ?? (await makeSandbox());
    if (sandbox === idle) idle = undefined;
    const access = openFile(path, file);
    try {
      sandbox.give(path);
      sandbox.news();
      return new Hdf5File(sandbox, behindUserBlock(access), file);
    } catch (error) {
      access.close();
      throw error;
    }
  }

  private constructor(sandbox: Sandbox, access: RandomAccess, file: string) {
    this.hdf5 = sandbox.hdf5;
    this.access = access;
    this.file = file;
    this.#sandbox = sandbox;
    this.id = this.guarded(
      () => this.hdf5.open(INPUT, this.hdf5.H5F_ACC_RDONLY, false, -1, -1),
      "its header is damaged or truncated",
    );
  }

  /**
   * Runs what calls the library. From a damaged file it may never come back, or abort; its memory may be damaged then
   * as well, so no other file is opened in it.
   *
   * @param problem - what to tell of the file where the work fails
   * @throws InputError `BrokenFile`; `UnsupportedFormat` where the library asked for another file; `TooLarge` where it needs more memory or
   *   time than it may have; those of the work
   */
  guarded<T>(work: () => T, problem: string): T {
    let cause: unknown;
    try {
      const done = withinTime(work);
      this.#requireContained();
      if ("value" in done) return done.value;
      cause = outOfTime("the HDF5 library", done.processor, { file: this.file, hint: WRITE_ANEW });
    } catch (error) {
      if (isInputError(error)) throw error;
      cause = error;
    }
    this.#sound = false;
    this.#requireContained();
    if (isInputError(cause)) throw cause;
    throw brokenFile(problem, { file: this.file, cause });
  }

  /** Whatever leads out of the file, or fills the memory, and was not seen before: the library was refused it. */
  #requireContained(): void {
    const { refused, full } = this.#sandbox.news();
    if (full) {
      this.#sound = false;
      throw new InputError("TooLarge", `takes more than ${MOST_MEMORY} bytes of memory to read`, {
        file: this.file,
        hint: "Rewrite the file, if it is not damaged: nccopy in.nc out.nc",
      });
    }
    if (refused === undefined) return;
    throw new InputError("UnsupportedFormat", `leads to another file, ${JSON.stringify(refused)}`, {
      file: this.file,
      hint: "Only the file itself is read. Copy the values into one file: nccopy in.nc out.nc",
    });
  }

  /**
   * The address of `length` bytes in the library's memory, until the next call; 0 if they do not fit. That memory never
   * shrinks, so all that is copied out of it goes through the same bytes.
   */
  memoryFor(length: number): number {
    if (length > this.#memory.length) {
      this.hdf5["_free"](this.#memory.address);
      const address = this.hdf5["_malloc"](length);
      this.#memory = { address, length: address === 0 ? 0 : length };
    }
    return this.#memory.address;
  }

  /**
   * Where the object header of what is at `path` lies in the file.
   *
   * @throws Error with HDF5's words where nothing is there, or nothing that can be opened
   */
  addressOf(path: string): number {
    this.#sandbox.news();
    // An object reference is that address; no object lies where the file begins.
    const address = Buffer.from(this.hdf5.create_object_reference(this.id, path)).readBigUInt64LE(0);
    if (address !== 0n) return Number(address);
    throw new Error(this.#sandbox.news().words);
  }

  /** A damaged file may not even be closed: then its library is let go of as a whole. */
  close(): void {
    this.access.close();
    try {
      const status = this.id < 0n ? 0 : this.guarded(() => this.hdf5.close_file(this.id), "cannot be closed");
      this.#sound &&= status >= 0 && this.#sandbox.closed();
    } catch (error) {
      if (!isInputError(error)) throw error;
    }
    if (!this.#sound) return;
    this.hdf5["_free"](this.#memory.address);
    idle ??= this.#sandbox;
  }
}
