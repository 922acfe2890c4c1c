import { type Coordinates, findCoordinates, readPlaces } from "../netcdf/coordinates.ts";
import type { Dataset, NumericType, Variable } from "../netcdf/dataset.ts";
import { decodedType, type FloatType } from "../netcdf/decoded-type.ts";
import { findNumeric, findVariable } from "../netcdf/slab.ts";
import { chosenUnits, overrideWarnings, type SaidUnits } from "../units/chosen.ts";
import type { Warning } from "../warning.ts";
import { baselineWarnings, movedWarning } from "./archive-warnings.ts";
import { makeAxis } from "./axis.ts";
import { type GridOrder, gridId, optional } from "./grid-order.ts";
import { gridTimes } from "./grid-times.ts";
import { withClimatologyTile } from "./stored-climatologies.ts";
import { type Region, type TileShape, tileShape } from "./tiles.ts";

/** All that is known of an anomaly grid before it is computed. */
export interface GridDescription extends GridOrder {
  /** Derived from all that its values come from. */
  readonly id: string;
  /** The cells that it has, of those of the archive; absent where it has all. */
  readonly region?: Region;
  readonly observations: { readonly key: string; readonly etag: string };
  /** Of its values: what those of the archive decode to. float32 where it is absent, as in grids of archives of that type. */
  readonly type?: FloatType;
  readonly longName?: string;
  /** Cell centres in degrees, in the order of the archive. */
  readonly lat: readonly number[];
  readonly lon: readonly number[];
  /** Time of every month, UTC seconds since 1970, in order. */
  readonly seconds: readonly number[];
  /** Position in the archive of the first month; of weeks, of the first field that is used. */
  readonly firstIndex: number;
  readonly shape: TileShape;
  /** Cells of a tile of its climatologies, where it has any. */
  readonly climatologyTile?: TileShape["tile"];
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
  /** Fields that are read, of a grid whose months are not the fields: of one of weeks. */
  readonly fields?: number;
  /** About how many stored values are read for one; 1 where it is absent. A month of days is made of 30. */
  readonly madeOf?: number;
}

/** The shape of what is read for a grid: in place of its weeks, where it is of such, it has their days. */
export function fieldShape({ shape, archive }: Pick<GridPlan, "shape" | "archive">): TileShape {
  return archive.fields === undefined ? shape : { ...shape, months: archive.fields };
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

/**
 * All that is needed to compute a grid, from the axes and times of an archive's variable, which is of shape
 * (time, lat, lon) or has more dimensions of length 1: views make that of others.
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
  const lat = makeAxis("latitude", readPlaces(dataset, variable.name, roles.lat), file, roles.lat);
  const lon = makeAxis("longitude", readPlaces(dataset, variable.name, roles.lon), file, roles.lon);
  const { seconds, firstIndex, fields, warnings, moved } = gridTimes(dataset, request, roles.time);
  const { long_name: longName } = variable.attributes;
  const attribute = variable.attributes["units"]?.value;
  const said: SaidUnits = {
    of: `"${variable.name}" in ${file}`,
    attribute: typeof attribute === "string" ? attribute : undefined,
    product: request.units,
  };
  const units = chosenUnits(said);
  const { baseline, normal, rebase } = request;
  const type = decodedType(findNumeric(dataset, variable.name).variable, file);
  const set = optional(request);
  const least = set.minYears ?? 1;
  return withClimatologyTile({
    id: gridId(etag, request, type),
    observations: { key: file, etag },
    ...(variable.type === "float32" ? {} : { type }),
    variable: variable.name,
    firstMonth: request.firstMonth,
    baseline,
    ...(normal === undefined ? {} : { normal }),
    ...(rebase === undefined ? {} : { rebase }),
    ...set,
    ...(units === undefined ? {} : { units }),
    ...(typeof longName?.value === "string" ? { longName: longName.value } : {}),
    lat: Array.from(lat.values),
    lon: Array.from(lon.values),
    seconds,
    firstIndex,
    shape: tileShape(lat.values, lon.values, seconds.length, type),
    warnings: [
      ...warnings,
      ...(normal === undefined ? baselineWarnings(file, fields, { years: baseline, least, name: "the baseline" }) : []),
      ...(rebase === undefined
        ? []
        : baselineWarnings(file, fields, { years: rebase, least: 1, name: "the forecast's base period" })),
      ...movedWarning(moved + (dataset.moved ?? 0)),
      ...overrideWarnings(said),
    ],
    archive: {
      ...archiveLayout(dataset, variable.name, roles),
      ...(request.weekly === undefined ? {} : { fields: fields.length }),
    },
  });
}

function archiveLayout(dataset: Dataset, name: string, roles: Coordinates): ArchiveLayout {
  const { variable, type } = findNumeric(dataset, name);
  const [timeAt, latAt, lonAt] = [roles.time, roles.lat, roles.lon].map((role) =>
    variable.dimensions.indexOf(role),
  ) as [number, number, number];
  const cells = [variable.shape[latAt]!, variable.shape[lonAt]!] as const;
  const { chunks, madeOf } = variable;
  const chunkCells = chunks === undefined ? ([1, cells[1]] as const) : ([chunks[latAt]!, chunks[lonAt]!] as const);
  return {
    type,
    timeAt,
    latAt,
    lonAt,
    cells,
    chunkMonths: chunks?.[timeAt] ?? 1,
    chunkCells,
    ...(madeOf === undefined ? {} : { madeOf }),
  };
}

/** Checks that the dimensions of more than one value are `order`, in that order. */
function requireOrder(file: string, { name, dimensions, shape }: Variable, order: readonly string[]): void {
  const long = dimensions.filter((dimension, i) => order.includes(dimension) || shape[i] !== 1);
  if (long.join() === order.join()) return;
  throw new TypeError(`${file}: "${name}" has the dimensions ${dimensions.join(", ")}, and not ${order.join(", ")}`);
}
