import type { GridDescription, GridPlan } from "./description.ts";
import { floatType } from "./floats.ts";
import { withClimatologyTile } from "./stored-climatologies.ts";
import { type Region, type TileShape, wideTiles } from "./tiles.ts";

/** The box of the tiles of some cells: of whole tiles, so that a table that hardly differs has the same region. */
export function regionOf(
  { tile, cells: all }: TileShape,
  cells: Iterable<readonly [lat: number, lon: number]>,
): Region {
  const box = [Infinity, -Infinity, Infinity, -Infinity] as [number, number, number, number];
  for (const [lat, lon] of cells) {
    if (lat < box[0]) box[0] = lat;
    if (lat > box[1]) box[1] = lat;
    if (lon < box[2]) box[2] = lon;
    if (lon > box[3]) box[3] = lon;
  }
  const range = (first: number, last: number, d: 0 | 1) =>
    [first - (first % tile[d]), Math.min(all[d], last - (last % tile[d]) + tile[d])] as const;
  return { lats: range(box[0], box[1], 0), lons: range(box[2], box[3], 1) };
}

/** How many cells a region has. */
export function cellsIn({ lats, lons }: Region): number {
  return (lats[1] - lats[0]) * (lons[1] - lons[0]);
}

/** All cells of an archive. */
export function wholeRegion({ cells: [lats, lons] }: TileShape): Region {
  return { lats: [0, lats], lons: [0, lons] };
}

/** Whether a region has all cells of another. */
export function covers(region: Region, other: Region): boolean {
  const inside = (a: readonly [number, number], b: readonly [number, number]) => a[0] <= b[0] && b[1] <= a[1];
  return inside(region.lats, other.lats) && inside(region.lons, other.lons);
}

/** The part of an archive's grid that lies in a region, with coordinates, tiles and an id of its own. */
export function gridOfRegion(whole: GridPlan, region: Region): GridPlan {
  const { lats, lons } = region;
  return withClimatologyTile({
    ...whole,
    id: `${whole.id}-lats${lats.join("-")}-lons${lons.join("-")}`,
    region,
    lat: whole.lat.slice(...lats),
    lon: whole.lon.slice(...lons),
    shape: wideTiles({ ...whole.shape, cells: [lats[1] - lats[0], lons[1] - lons[0]] }, floatType(whole)),
  });
}

/** Position in the archive of a grid's first cell. */
export function firstCell({ region }: Pick<GridDescription, "region">): readonly [lat: number, lon: number] {
  return region === undefined ? [0, 0] : [region.lats[0], region.lons[0]];
}

/** The region in an id that begins with that of the whole grid; all of it for that id, undefined for any other. */
export function regionInId(id: string, whole: Pick<GridDescription, "id" | "shape">): Region | undefined {
  if (id === whole.id) return wholeRegion(whole.shape);
  const match = /^-lats(\d+)-(\d+)-lons(\d+)-(\d+)$/.exec(id.slice(whole.id.length));
  if (!id.startsWith(whole.id) || match === null) return undefined;
  const [firstLat, stopLat, firstLon, stopLon] = match.slice(1).map(Number) as [number, number, number, number];
  return { lats: [firstLat, stopLat], lons: [firstLon, stopLon] };
}
