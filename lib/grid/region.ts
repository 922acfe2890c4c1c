import type { GridDescription, GridPlan } from "./description.ts";
import { type Region, type TileShape, tileCounts } from "./tiles.ts";

/** Which cells of an archive a grid has: those of the box of tiles that holds all stations, or all. */
export const EXTENTS = ["stations", "global"] as const;
export type Extent = (typeof EXTENTS)[number];

/** The box of the tiles of some cells, by their positions on the axes of the archive. */
export function regionOf({ tile }: TileShape, cells: Iterable<readonly [lat: number, lon: number]>): Region {
  const box = [Infinity, -Infinity, Infinity, -Infinity] as [number, number, number, number];
  for (const [lat, lon] of cells) {
    if (lat < box[0]) box[0] = lat;
    if (lat > box[1]) box[1] = lat;
    if (lon < box[2]) box[2] = lon;
    if (lon > box[3]) box[3] = lon;
  }
  const range = (first: number, last: number, side: number) =>
    [Math.floor(first / side), Math.floor(last / side) + 1] as const;
  return { rows: range(box[0], box[1], tile[0]), columns: range(box[2], box[3], tile[1]) };
}

/** How many tiles a region has. */
export function tilesIn({ rows, columns }: Region): number {
  return (rows[1] - rows[0]) * (columns[1] - columns[0]);
}

/** All tiles of an archive. */
export function wholeRegion(shape: TileShape): Region {
  const [rows, columns] = tileCounts(shape);
  return { rows: [0, rows], columns: [0, columns] };
}

/** Whether a region has all tiles of another. */
export function covers(region: Region, other: Region): boolean {
  const inside = (a: readonly [number, number], b: readonly [number, number]) => a[0] <= b[0] && b[1] <= a[1];
  return inside(region.rows, other.rows) && inside(region.columns, other.columns);
}

/** The part of an archive's grid that lies in a region, with coordinates and an id of its own. */
export function gridOfRegion(whole: GridPlan, region: Region): GridPlan {
  const { cells, months, tile } = whole.shape;
  const [lats, lons] = [cellsOf(region.rows, tile[0], cells[0]), cellsOf(region.columns, tile[1], cells[1])];
  return {
    ...whole,
    id: regionId(whole.id, region),
    region,
    lat: whole.lat.slice(...lats),
    lon: whole.lon.slice(...lons),
    shape: { cells: [lats[1] - lats[0], lons[1] - lons[0]], months, tile },
  };
}

/** Position in the archive of a grid's first cell. */
export function firstCell({ region, shape: { tile } }: Pick<GridDescription, "region" | "shape">) {
  const { rows, columns } = region ?? { rows: [0], columns: [0] };
  return [rows[0] * tile[0], columns[0] * tile[1]] as const;
}

function cellsOf([start, stop]: readonly [number, number], side: number, all: number): readonly [number, number] {
  return [start * side, Math.min(all, stop * side)];
}

/** The id of the grid of a region: rows and columns of its tiles stand behind the id of the whole. */
function regionId(whole: string, { rows, columns }: Region): string {
  return `${whole}-rows${rows.join("-")}-columns${columns.join("-")}`;
}

/** The region in an id that begins with that of the whole grid; all of it for that id, undefined for any other. */
export function regionInId(id: string, whole: Pick<GridDescription, "id" | "shape">): Region | undefined {
  if (id === whole.id) return wholeRegion(whole.shape);
  const match = /^-rows(\d+)-(\d+)-columns(\d+)-(\d+)$/.exec(id.slice(whole.id.length));
  if (!id.startsWith(whole.id) || match === null) return undefined;
  const [rowStart, rowStop, columnStart, columnStop] = match.slice(1).map(Number) as [number, number, number, number];
  return { rows: [rowStart, rowStop], columns: [columnStart, columnStop] };
}
