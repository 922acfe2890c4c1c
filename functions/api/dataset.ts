import { type Coordinates, findCoordinates, readTimes } from "../../lib/netcdf/coordinates.ts";
import type { Attributes, DatasetFormat, Dimension, NumericArray, Slab, Variable } from "../../lib/netcdf/dataset.ts";
import { read } from "../../lib/netcdf/decode.ts";
import * as netcdf from "../../lib/netcdf/open.ts";

/** An open NetCDF file. Reads are synchronous, and take only the bytes or the chunks that they need from the file. */
export interface Dataset {
  /** Its path, which messages begin with. */
  readonly file: string;
  readonly format: DatasetFormat;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  /** Those of the root group. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The file's own. */
  readonly attributes: Attributes;
  /**
   * Values of a variable, decoded as CF has it: missing ones are NaN, packed ones are unpacked. Row-major, in the
   * order of the variable's dimensions. float32 where the file has that, or bytes or shorts that declare a missing
   * value or a scale alone; otherwise float64.
   *
   * @param slab - `[start, stop)` for every dimension; the whole variable by default
   * @throws InputError `MissingVariable`, `NotNumeric`, `BadSlab`, `TooLarge`, `BrokenFile`, `UnsupportedFormat`
   */
  read(variable: string, slab?: Slab): Float32Array | Float64Array;
  /** The values of {@link read} as they are stored. @throws InputError as {@link read} */
  readRaw(variable: string, slab?: Slab): NumericArray;
  /** Which of a variable's dimensions are latitude, longitude and time. @throws InputError `MissingVariable`, `MissingCoordinate` */
  coordinatesOf(variable: string): Coordinates;
  /**
   * The times of a time coordinate, UTC seconds since 1970. A date that only a model's calendar has, such as February
   * 30, is the last day of its month.
   *
   * @throws InputError `MissingVariable`, `BadTime`, and those of {@link read}
   */
  readTimes(coordinate: string): Float64Array;
  /** Closes the file; reading it is then an Error. May be called again. */
  close(): void;
}

/**
 * Opens a NetCDF file: classic, 64-bit offset or NetCDF-4, told apart by its first bytes. The caller closes it.
 *
 * @throws InputError `FileNotFound`, `EmptyFile`, `NotNetcdf`, `UnsupportedFormat`, `BrokenFile`
 */
export async function openDataset(path: string): Promise<Dataset> {
  const dataset = await netcdf.openDataset(path);
  let closed = false;
  /** The operating system may have given the number of a closed file to another one. */
  const open = () => {
    if (closed) throw new Error(`${path}: is closed`);
    return dataset;
  };
  const { file, format, dimensions, variables, attributes } = dataset;
  return {
    file,
    format,
    dimensions,
    variables,
    attributes,
    read: (variable, slab) => read(open(), variable, slab),
    readRaw: (variable, slab) => open().readRaw(variable, slab),
    coordinatesOf: (variable) => findCoordinates(open(), variable),
    readTimes: (coordinate) => readTimes(open(), coordinate).seconds,
    close() {
      if (!closed) dataset.close();
      closed = true;
    },
  };
}
