/**
 * What a program imports from `s2s-fanout`: NetCDF files, station tables, anomaly grids, whole runs on this machine, and
 * the folders and buckets that they are kept in. Files are named by paths, absolute or relative to the process's folder.
 * Every wrong input is refused with an {@link InputError}.
 */
export { type ErrorDetails, type ErrorTag, InputError, isInputError } from "../../lib/errors.ts";
export type { GridRequest } from "../../lib/grid/grid-order.ts";
export type { Coordinates } from "../../lib/netcdf/coordinates.ts";
export type {
  Attribute,
  Attributes,
  DatasetFormat,
  DataType,
  Dimension,
  NumericArray,
  NumericType,
  Slab,
  Variable,
} from "../../lib/netcdf/dataset.ts";
export type {
  ForecastRecord,
  GridRecord,
  InputRecord,
  InputRecords,
  Manifest,
  MissingChunk,
  RunStatus,
} from "../../lib/run/records.ts";
export type { SampleFiles, SampleOptions } from "../../lib/sample/sample.ts";
export type { Encoding } from "../../lib/stations/encoding.ts";
export type { RejectedRow, RejectionKind, Station, StationTable } from "../../lib/stations/station.ts";
export { folderStore } from "../../lib/store/folder.ts";
export type { ListedObject, ObjectStore, StoredObject } from "../../lib/store/store.ts";
export type { Warning, WarningKind } from "../../lib/warning.ts";
export type { LocalResult } from "../local/result.ts";
export { type AnomalyGrid, computeAnomalyGrid, type StoredAnomalyGrid, storeAnomalyGrid } from "./anomaly-grid.ts";
export { type Dataset, openDataset } from "./dataset.ts";
export { type LocalRun, runLocally } from "./run-locally.ts";
export { type S3Settings, s3Store } from "./s3-store.ts";
export { makeSample } from "./sample.ts";
export { readStations, type StationTableOptions } from "./stations.ts";
