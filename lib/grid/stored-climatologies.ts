import type { FloatType } from "../netcdf/decoded-type.ts";
import { isAmount } from "../units/amount.ts";
import { floatType } from "./floats.ts";
import type { GridOrder } from "./grid-order.ts";
import { YEAR_MONTHS, type Years } from "./months.ts";
import { joinedTile, type TileShape } from "./tiles.ts";

type ClimatologyOrder = Pick<GridOrder, "baseline" | "rebase" | "normal" | "weekly" | "units">;

/**
 * The years of the climatologies that are stored with a grid, first of the one that was taken off: where forecasts are rebased
 * by them, and where the values are amounts, which are shown as a part of it.
 */
export function climatologyYears({ baseline, rebase, normal, weekly, units = "" }: ClimatologyOrder): readonly Years[] {
  if (rebase !== undefined) return [baseline, rebase];
  // The normals of weeks are those of days around each.
  return weekly === undefined && normal !== "none" && isAmount(units) ? [baseline] : [];
}

/** How a grid is tiled: shape and type of its values, and its climatologies. */
interface TiledGrid {
  readonly shape: TileShape;
  readonly type?: FloatType;
  /** Cells of a tile: whole tiles of the grid. One of them where it is absent, as in grids of older versions. */
  readonly climatologyTile?: TileShape["tile"];
}

/** The same grid, where it has climatologies with what these are tiled by. */
export function withClimatologyTile<T extends TiledGrid & ClimatologyOrder>(grid: T): T {
  if (climatologyYears(grid).length === 0) return grid;
  return { ...grid, climatologyTile: joinedTile(grid.shape, YEAR_MONTHS, floatType(grid)) };
}

/** The shape of a grid's climatologies: twelve months, January first. */
export function climatologyShape({ shape, climatologyTile = shape.tile }: TiledGrid): TileShape {
  return { cells: shape.cells, months: YEAR_MONTHS, tile: climatologyTile };
}
