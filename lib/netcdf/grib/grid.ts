import { GribDamaged, GribUnsupported } from "./damaged.ts";
import { gaussianLatitudes } from "./gaussian.ts";
import type { Section } from "./section.ts";

/** Where the values of a field are, and in which order they stand in it. */
export interface Grid {
  /** The bytes that say so: those of the same grid are the same. */
  readonly key: string;
  /** As ecCodes calls it. */
  readonly type: "regular_ll" | "regular_gg";
  readonly rows: number;
  readonly columns: number;
  readonly scan: Scan;
  /** Degrees north of the rows, in the order of the file. */
  readonly latitudes: () => Float64Array;
  /** Degrees east of the columns, from west to east. */
  readonly longitudes: () => Float64Array;
}

export interface Scan {
  /** A row is written from east to west. */
  readonly westward: boolean;
  /** A column is written before the next one. */
  readonly byColumn: boolean;
  /** Every other row, or column, is written backwards. */
  readonly alternates: boolean;
}

/** What both editions say of a grid, in degrees. */
export interface GridCorners {
  readonly columns: number;
  readonly rows: number;
  readonly first: readonly [latitude: number, longitude: number];
  readonly last: readonly [latitude: number, longitude: number];
  /** Flags of table 8, or 3.4. */
  readonly scanning: number;
  /** Of a Gaussian grid: the latitudes between a pole and the equator. */
  readonly parallels?: number;
}

const SCAN = { westward: 0x80, byColumn: 0x20, alternates: 0x10, moved: 0x0f } as const;

/** Points of a field that are read at once. */
const MOST_POINTS = 2 ** 25;

/** Points of a row or column: rows of a millionth of a degree are none. */
const MOST_ALONG = 2 ** 20;

/** @throws GribDamaged, GribUnsupported */
export function regularGrid(corners: GridCorners, key: string): Grid {
  const { columns, rows, scanning, parallels, first, last } = corners;
  if (columns === 0 || rows === 0 || columns > MOST_ALONG || rows > MOST_ALONG || columns * rows > MOST_POINTS) {
    throw new GribDamaged(`its grid has ${rows} rows of ${columns} points`);
  }
  if ([first[0], last[0]].some((latitude) => Math.abs(latitude) > 90)) {
    throw new GribDamaged(`its grid goes from the latitude ${first[0]} to ${last[0]}`);
  }
  if ([first[1], last[1]].some((longitude) => Math.abs(longitude) > 2 * TURN)) {
    throw new GribDamaged(`its grid goes from the longitude ${first[1]} to ${last[1]}`);
  }
  if ((scanning & SCAN.moved) !== 0) {
    throw new GribUnsupported(`has a grid whose rows are moved (scanning mode ${scanning})`, REGRID);
  }
  const isGaussian = parallels !== undefined;
  return {
    key,
    type: isGaussian ? "regular_gg" : "regular_ll",
    rows,
    columns,
    scan: {
      westward: (scanning & SCAN.westward) !== 0,
      byColumn: (scanning & SCAN.byColumn) !== 0,
      alternates: (scanning & SCAN.alternates) !== 0,
    },
    latitudes: isGaussian ? () => gaussianRows(corners, parallels) : () => evenly(first[0], last[0], rows),
    longitudes: () => longitudesOf(corners),
  };
}

/** What makes a grid of latitudes and longitudes of others, of which CDO knows the points. */
export const REGRID = "Regrid it: cdo remapbil,r360x180 in.grib out.grib";

/** Where no command is known that makes one. */
export const ANOTHER = "Fetch the data on a regular grid of latitudes and longitudes";

/** What makes full rows of those of a reduced grid. */
export const FULL_ROWS = "Make full rows of it: cdo setgridtype,regular in.grib out.grib";

export const FROM_SPECTRUM = "Make a grid of it: cdo sp2gp in.grib out.grib";

/** From the corners: increments are rounded, or missing. */
function evenly(first: number, last: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    i === 0 ? first : round(first + ((last - first) * i) / (count - 1)),
  );
}

/** Files count millionths of degrees at best: what is beyond is left of the arithmetic. */
function round(degrees: number): number {
  const rounded = Math.round(degrees * 1e9) / 1e9;
  return Object.is(rounded, -0) ? 0 : rounded;
}

const TURN = 360;

function longitudesOf({ columns, first, last, scanning }: GridCorners): Float64Array {
  const [west, east] = (scanning & SCAN.westward) === 0 ? [first[1], last[1]] : [last[1], first[1]];
  // From 350 to 10 there are 20 degrees, and from 0 to 0 all of them.
  const less = columns > 1 ? Math.floor((west - east) / TURN) + 1 : Math.ceil((west - east) / TURN);
  const eastward = evenly(west, east + TURN * Math.max(0, less), columns);
  // What is more than all round once is another longitude.
  const shift = eastward.at(-1)! > TURN ? TURN : 0;
  return shift === 0 ? eastward : eastward.map((longitude) => round(longitude - shift));
}

function gaussianRows({ rows, first, last }: GridCorners, parallels: number): Float64Array {
  const all = gaussianLatitudes(parallels);
  const southward = first[0] >= last[0];
  const north = Math.max(first[0], last[0]);
  const start = all.findIndex((latitude) => Math.abs(latitude - north) < NEAR / parallels);
  if (start === -1 || start + rows > all.length) {
    throw new GribDamaged(`its Gaussian grid of ${parallels} parallels begins at the latitude ${north}`);
  }
  const chosen = all.slice(start, start + rows);
  return southward ? chosen : chosen.reverse();
}

/** Part of the distance of two parallels within which one is meant: files round them to thousandths of degrees. */
const NEAR = 30;

/** The key of a grid: sections are short, unless they list their points. */
export function keyOf(section: Section): string {
  return Buffer.from(section.bytes).toString("latin1");
}
