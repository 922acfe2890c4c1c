import { type Coordinates, findCoordinates, readTimes } from "../../lib/netcdf/coordinates.ts";
import type * as netcdf from "../../lib/netcdf/dataset.ts";
import { read } from "../../lib/netcdf/decode.ts";
import { openDataset as open } from "../../lib/netcdf/open.ts";
import { findTimeSource } from "../../lib/netcdf/time-source.ts";
import { readValidTimes } from "../../lib/netcdf/valid-time.ts";

/**
 * An open NetCDF file. Reads are synchronous, and take only the bytes or the chunks that they need from the file. It has
 * the variables and dimensions of the root group, and the file's own attributes; `file` is its path.
 */
export interface Dataset
  extends Pick<netcdf.Dataset, "file" | "format" | "dimensions" | "variables" | "attributes" | "readRaw"> {
  /**
   * Values of a variable, decoded as CF has it: missing ones are NaN, packed ones are unpacked. Row-major, in the
   * order of the variable's dimensions. float32 where the file has that, or bytes or shorts that declare a missing
   * value or a scale alone; otherwise float64.
   *
   * @param slab - `[start, stop)` for every dimension; the whole variable by default
   * @throws InputError `MissingVariable`, `NotNumeric`, `BadSlab`, `TooLarge`, `BrokenFile`, `UnsupportedFormat`
   */
  read(variable: string, slab?: netcdf.Slab): Float32Array | Float64Array;
  /** Which of a variable's dimensions are latitude, longitude and time. @throws InputError `MissingVariable`, `MissingCoordinate` */
  coordinatesOf(variable: string): Coordinates;
  /**
   * The times of a time coordinate, UTC seconds since 1970. A date that only a model's calendar has, such as February
   * 30, is the last day of its month.
   *
   * @throws InputError `MissingVariable`, `BadTime`, and those of {@link read}
   */
  readTimes(coordinate: string): Float64Array;
  /**
   * The times that a variable's values are valid for, UTC seconds since 1970, one for each position along
   * `coordinatesOf(variable).time`: of its time coordinate, or of its leads after an initial time. Monthly means that the
   * file says are dated with their month's end have its start.
   *
   * @param init - position of the initial time, where there are several
   * @throws InputError `MissingVariable`, `MissingCoordinate`, `BadTime`, and those of {@link read}
   */
  validTimes(variable: string, init?: number): Float64Array;
  /** Closes the file; reading it is then an Error. May be called again. */
  close(): void;
}

/**
 * Opens a NetCDF file (classic, 64-bit offset, CDF-5 or NetCDF-4) or a GRIB file, told apart by its first bytes, packed by gzip or
 * in a zip archive, too; or a folder that holds a store of Zarr. The caller closes it.
 *
 * @throws InputError `FileNotFound`, `EmptyFile`, `NotNetcdf`, `UnsupportedFormat`, `BrokenFile`
 */
export async function openDataset(path: string): Promise<Dataset> {
  const dataset = await open(path);
  let closed = false;
  /** The operating system may have given the number of a closed file to another one. */
  const reading = () => {
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
    read: (variable, slab) => read(reading(), variable, slab),
    readRaw: (variable, slab) => reading().readRaw(variable, slab),
    coordinatesOf: (variable) => findCoordinates(reading(), variable),
    readTimes: (coordinate) => readTimes(reading(), coordinate).seconds,
    validTimes(variable, init = 0) {
      findCoordinates(reading(), variable);
      return readValidTimes(dataset, variable, findTimeSource(dataset, variable)!, init).seconds;
    },
    close() {
      if (!closed) dataset.close();
      closed = true;
    },
  };
}
