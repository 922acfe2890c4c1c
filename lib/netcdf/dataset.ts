/** The numeric types of NetCDF, by their common names. */
export type NumericType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

/** `other`: strings, compounds and the like, which are listed but not read. */
export type DataType = NumericType | "char" | "other";

export type NumericArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export interface Attribute {
  readonly type: DataType;
  /** Text, or the numbers (int64 widened to double) even when there is one only. */
  readonly value: string | readonly number[];
}

export type Attributes = Readonly<Record<string, Attribute>>;

export interface Dimension {
  readonly name: string;
  readonly size: number;
  readonly unlimited: boolean;
}

export interface Variable {
  readonly name: string;
  readonly type: DataType;
  /** Dimension names, slowest first; as many as `shape`. */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: Attributes;
  /** Chunk shape of chunked storage; absent where storage is contiguous or by record. */
  readonly chunks?: readonly number[];
  /** Where a view makes one value of several: of about how many that the file stores. */
  readonly madeOf?: number;
}

/** `[start, stop)` for every dimension of a variable, slowest first. */
export type Slab = readonly (readonly [start: number, stop: number])[];

export type DatasetFormat =
  | "classic"
  | "64-bit offset"
  | "CDF-5"
  | "netCDF-4"
  | "GRIB 1"
  | "GRIB 2"
  | "Zarr 2"
  | "Zarr 3"
  | "several files";

/** An open file of any format, NetCDF or what is presented as such. Reads are synchronous: the files are local, and the readers are CPU-bound. */
export interface Dataset {
  /** What messages call the file. */
  readonly file: string;
  readonly format: DatasetFormat;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly attributes: Attributes;
  /** Of several files in one: dates that the real calendar lacks, which its times no longer tell. */
  readonly moved?: number;
  /**
   * The stored values of a slab, undecoded, in row-major order and native byte order; the whole variable by default.
   * Only the slab's bytes (or the chunks that it touches) are read.
   *
   * @throws InputError `MissingVariable`, `NotNumeric`, `BadSlab`, `BrokenFile`, `UnsupportedFormat`
   */
  readRaw(name: string, slab?: Slab): NumericArray;
  /**
   * Reads a slab as {@link readRaw} does, in pieces that cover it, each once and in any order, so that memory does not grow
   * with it. Deflated pieces are inflated by other threads.
   *
   * @param placeOf - where pieces may be put; not every reader asks for it
   * @throws InputError as {@link readRaw}
   */
  readPieces(name: string, slab: Slab, use: UsePiece, placeOf?: PlaceOf): Promise<void>;
  close(): void;
}

/** Takes a part of a slab, and its stored values, row-major, which are there until it returns. */
export type UsePiece = (slab: Slab, values: NumericArray) => void;

/** Memory of a receiver of pieces, for all values of one. */
export interface PiecePlace {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Fills it with values whose first bytes stand first, then their second bytes, and so on, as HDF5's shuffle leaves them. */
  unshuffle(shuffled: Uint8Array, itemBytes: number): void;
}

/** The place of a piece, where the receiver has one for it: it is to be filled, and the piece used, before others are asked for. */
export type PlaceOf = (slab: Slab) => PiecePlace | undefined;
