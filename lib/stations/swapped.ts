import { counted, type Warning } from "../warning.ts";
import type { Station } from "./station.ts";
import { liesInBlock } from "./wmo-block.ts";

/** The rows of a table by what their coordinates are good for. */
export interface PlacedRows {
  /** How many can be used only the other way round. */
  readonly swappable: number;
  /** How many have coordinates that are of no use in either way. */
  readonly unreadable: number;
  /** The stations of those that can be used as they are. */
  readonly usable: readonly Station[];
}

/** One row in so many says that the columns are swapped, if none says that they are not. */
const ONE_IN = 10;

/** Fewer rows may be slips of their own. */
const FEWEST = 3;

/**
 * Whether the rows that can be used only with latitude and longitude swapped speak for the whole table. Either they are
 * most of its rows; or there are a few of them, a tenth of all, and no other row has a longitude that could not be a
 * latitude, as in a swapped table of all the world, in most rows of which both are below 90.
 */
export function rowsLookSwapped({ swappable, unreadable, usable }: PlacedRows): boolean {
  const rows = swappable + unreadable + usable.length;
  if (2 * swappable > rows) return true;
  return swappable >= FEWEST && ONE_IN * swappable >= rows && usable.every(({ lon }) => Math.abs(lon) <= 90);
}

/**
 * Whether WMO numbers say that latitude and longitude are swapped: most of the stations whose id is such a number lie
 * outside the region that its block stands for, and would lie in it with the two swapped. Nothing else in a table tells
 * it where all coordinates are on the globe either way, so that tables with ids of another kind never look swapped.
 */
export function looksSwapped(stations: readonly Station[]): boolean {
  const { swapped, known } = blocksOf(stations);
  return 2 * swapped.length > known;
}

function blocksOf(stations: readonly Station[]): { swapped: Station[]; known: number } {
  const known = stations.filter(({ id, lat, lon }) => liesInBlock(id, lat, lon) !== undefined);
  const swapped = known.filter(
    ({ id, lat, lon }) => liesInBlock(id, lat, lon) === false && liesInBlock(id, lon, lat) === true,
  );
  return { swapped, known: known.length };
}

/** The warning for stations whose latitude and longitude look swapped, or none. */
export function swapWarnings(rows: PlacedRows): Warning[] {
  const { swappable, usable } = rows;
  if (rowsLookSwapped(rows)) {
    const only = counted(swappable, "row");
    const message = `latitude and longitude look swapped: ${only} can be used only the other way round, so the others may be wrong, too`;
    return [{ kind: "coordinatesSwapped", message }];
  }
  if (!looksSwapped(usable)) return [];
  const { swapped, known } = blocksOf(usable);
  const { id, lat, lon } = swapped[0]!;
  const message =
    `latitude and longitude look swapped: ${swapped.length} of ${known} stations with a WMO number lie where it says only ` +
    `the other way round, such as ${id} at latitude ${lat}, longitude ${lon}`;
  return [{ kind: "coordinatesSwapped", message }];
}
