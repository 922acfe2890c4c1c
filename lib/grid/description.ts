import { hash } from "node:crypto";
import { InputError } from "../errors.ts";
import { type Coordinates, findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset, NumericType, Variable } from "../netcdf/dataset.ts";
import { readCoordinate } from "../netcdf/decode.ts";
import { findNumeric, findVariable } from "../netcdf/slab.ts";
import { findTimeSource } from "../netcdf/time-source.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { monthText } from "../time.ts";
import { chosenUnits, overrideWarnings, type SaidUnits } from "../units/chosen.ts";
import type { Warning } from "../warning.ts";
import { baselineWarnings, historyWarnings, movedWarning, rangeText } from "./archive-warnings.ts";
import { makeAxis } from "./axis.ts";
import type { Years } from "./months.ts";
import { type Region, type TileShape, tileShape } from "./tiles.ts";

/** Which anomalies to make of an archive. */
export interface GridRequest {
  readonly variable: string;
  /** First month of the grid, `YYYY-MM`; what lies before it is not used at all. */
  readonly firstMonth: string;
  /** First and last year of the climatology. */
  readonly baseline: Years;
  /** Units of the variable, in place of what its attribute says or lacks. */
  readonly units?: string | undefined;
}

/** What a run asks of a grid. */
export interface GridOrder extends GridRequest {
  /**
   * What is taken off the observations, where it is not the mean of the baseline years: nothing, as they are anomalies
   * already, or the fields of a file.
   */
  readonly normal?: "none" | NormalFile;
  /** Years of a second climatology, that a forecast relative to them is rebased by: both are stored with the grid. */
  readonly rebase?: Years;
}

/** A file with a field for each calendar month. */
export interface NormalFile {
  readonly key: string;
  readonly etag: string;
  readonly variable: string;
}

/** All that is known of an anomaly grid before it is computed. */
export interface GridDescription extends GridOrder {
  /** Derived from all that its values come from. */
  readonly id: string;
  /** The cells that it has, of those of the archive; absent where it has all. */
  readonly region?: Region;
  readonly observations: { readonly key: string; readonly etag: string };
  readonly longName?: string;
  /** Cell centres in degrees, in the order of the archive. */
  readonly lat: readonly number[];
  readonly lon: readonly number[];
  /** Time of every month, UTC seconds since 1970, in order. */
  readonly seconds: readonly number[];
  /** Position in the archive of the first month. */
  readonly firstIndex: number;
  readonly shape: TileShape;
  /** What the archive lacks. */
  readonly warnings: readonly Warning[];
}

/** How an archive stores the variable that a grid is made of. */
export interface ArchiveLayout {
  /** Of the values as they are stored. */
  readonly type: NumericType;
  /** Positions of time, latitude and longitude among the variable's dimensions. */
  readonly timeAt: number;
  readonly latAt: number;
  readonly lonAt: number;
  /** Cells of the whole archive. */
  readonly cells: readonly [lat: number, lon: number];
  /** Months in a chunk; 1 where there are no chunks. */
  readonly chunkMonths: number;
  /** Cells in a chunk; those of one latitude where there are no chunks. A plan that was kept before this was known lacks it. */
  readonly chunkCells?: readonly [lat: number, lon: number];
}

/** A grid that is to be computed: plain data, as a plan keeps it. */
export interface GridPlan extends GridDescription {
  readonly archive: ArchiveLayout;
}

/** CRC32 of the bytes of tiles, by the tile's name. */
export type TileChecksums = Readonly<Record<string, number>>;

/** What the marker of a grid says, which is written when all of it is there: its description, and its tiles. */
export interface StoredGrid extends GridDescription {
  /** The tiles with any value; cells of other tiles are missing. */
  readonly tiles: TileChecksums;
}

/** Changes when the same inputs give other values or another layout, so that older grids are not used. */
const GRID_VERSION = 3;

/** The id of a grid: readable words, and a hash of the archive's etag with all that was asked of it. */
export function gridId(etag: string, { variable, firstMonth, baseline, normal, rebase, units }: GridOrder): string {
  // What most grids are made without is no part of it, so that theirs stay as they are.
  const more = normal === undefined && rebase === undefined ? [] : [normal ?? null, rebase ?? null];
  const asked = [variable, firstMonth, baseline, ...more, ...(units === undefined ? [] : [{ units }])];
  const digest = hash("sha256", JSON.stringify([GRID_VERSION, etag, ...asked]));
  const words = `${variable}-${firstMonth}-${baseline.join("-")}`.replace(/[^A-Za-z0-9._-]/g, "_");
  return `${words}-${digest.slice(0, 12)}`;
}

/**
 * All that is needed to compute a grid, from the axes and times of an archive's variable, which is of shape
 * (time, lat, lon) or has more dimensions of length 1.
 *
 * @param etag - of the archive
 * @throws InputError `MissingVariable`, `MissingCoordinate`, `BadDimensions`, `BadAxis`, `BadTime`, `BadBaseline`,
 *   `NotNumeric`
 */
export function describeGrid(dataset: Dataset, request: GridOrder, etag: string): GridPlan {
  const { file } = dataset;
  const variable = findVariable(dataset, request.variable);
  const roles = findCoordinates(dataset, variable.name);
  requireOrder(file, variable, [roles.time, roles.lat, roles.lon]);
  const lat = makeAxis("latitude", readCoordinate(dataset, roles.lat), file);
  const lon = makeAxis("longitude", readCoordinate(dataset, roles.lon), file);
  const { seconds: all, moved } = readValidTimes(dataset, variable.name, findTimeSource(dataset, variable.name)!, 0);
  for (let i = 1; i < all.length; i++) {
    if (all[i]! < all[i - 1]!) {
      throw new InputError("BadTime", `its times go back from ${monthText(all[i - 1]!)} to ${monthText(all[i]!)}`, {
        file,
        hint: "Sort the archive by time first, e.g. with cdo mergetime",
      });
    }
  }
  const first = Date.parse(`${request.firstMonth}-01T00:00:00Z`) / 1000;
  const firstIndex = all.findIndex((time) => time >= first);
  if (firstIndex === -1) {
    throw new InputError("BadTime", `has no month from ${request.firstMonth} on`, {
      file,
      hint: `Its times are ${rangeText(all)}: choose an earlier first month, or a newer archive`,
    });
  }
  const seconds = Array.from(all.subarray(firstIndex));
  const { long_name: longName } = variable.attributes;
  const attribute = variable.attributes["units"]?.value;
  const said: SaidUnits = {
    of: `"${variable.name}" in ${file}`,
    attribute: typeof attribute === "string" ? attribute : undefined,
    product: request.units,
  };
  const units = chosenUnits(said);
  const { baseline, normal, rebase } = request;
  return {
    id: gridId(etag, request),
    observations: { key: file, etag },
    variable: variable.name,
    firstMonth: request.firstMonth,
    baseline,
    ...(normal === undefined ? {} : { normal }),
    ...(rebase === undefined ? {} : { rebase }),
    ...(units === undefined ? {} : { units }),
    ...(typeof longName?.value === "string" ? { longName: longName.value } : {}),
    lat: Array.from(lat.values),
    lon: Array.from(lon.values),
    seconds,
    firstIndex,
    shape: tileShape(lat.values, lon.values, seconds.length),
    warnings: [
      ...historyWarnings(seconds),
      ...(normal === undefined ? baselineWarnings(file, seconds, baseline) : []),
      ...(rebase === undefined ? [] : baselineWarnings(file, seconds, rebase, "the forecast's base period")),
      ...movedWarning(moved),
      ...overrideWarnings(said),
    ],
    archive: archiveLayout(dataset, variable.name, roles),
  };
}

function archiveLayout(dataset: Dataset, name: string, roles: Coordinates): ArchiveLayout {
  const { variable, type } = findNumeric(dataset, name);
  const [timeAt, latAt, lonAt] = [roles.time, roles.lat, roles.lon].map((role) =>
    variable.dimensions.indexOf(role),
  ) as [number, number, number];
  const cells = [variable.shape[latAt]!, variable.shape[lonAt]!] as const;
  const { chunks } = variable;
  const chunkCells = chunks === undefined ? ([1, cells[1]] as const) : ([chunks[latAt]!, chunks[lonAt]!] as const);
  return { type, timeAt, latAt, lonAt, cells, chunkMonths: chunks?.[timeAt] ?? 1, chunkCells };
}

/** Checks that the dimensions of more than one value are `order`, in that order. */
function requireOrder(file: string, variable: Variable, order: readonly string[]): void {
  const long = variable.dimensions.filter((name, i) => order.includes(name) || variable.shape[i] !== 1);
  if (long.length !== order.length || long.some((name, i) => name !== order[i])) {
    throw new InputError("BadDimensions", `"${variable.name}" has the dimensions ${variable.dimensions.join(", ")}`, {
      file,
      hint: `They must be time, latitude, longitude, in this order; reorder them with ncpdq -a ${order.join(",")}`,
    });
  }
}
