import { findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset, NumericArray, NumericType, Slab, Variable } from "../netcdf/dataset.ts";
import { checkRead } from "../netcdf/slab.ts";

/** The variable of an archive that a grid is made of: plain data. */
export interface ArchiveVariable {
  /** What messages call the file. */
  readonly file: string;
  readonly variable: Variable;
  readonly type: NumericType;
  /** Positions of time and latitude among its dimensions. */
  readonly timeAt: number;
  readonly latAt: number;
}

/** @returns the stored values of a slab, row-major, and maybe more behind them; they are there until the next call */
export type ReadSlab = (slab: Slab) => NumericArray;

/** @throws InputError `MissingVariable`, `NotNumeric`, `MissingCoordinate` */
export function archiveVariable(dataset: Dataset, name: string): ArchiveVariable {
  const { variable, type } = checkRead(
    dataset,
    name,
    dataset.variables.get(name)?.shape.map(() => [0, 0]),
  );
  const { time, lat } = findCoordinates(dataset, name);
  const at = (dimension: string) => variable.dimensions.indexOf(dimension);
  return { file: dataset.file, variable, type, timeAt: at(time), latAt: at(lat) };
}
