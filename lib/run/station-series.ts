import { asFloats, type FloatArray, floatType } from "../grid/floats.ts";
import type { CellsMethod, WeightedCell } from "../grid/station-method.ts";
import type { OpenGrid } from "../grid/stored-grid.ts";
import { TakenValues } from "../grid/taken-values.ts";
import type { PlannedStation } from "./chunk-records.ts";

/** What the observed series of a station is made of: its cell, or its cells where the product has a method. */
export type SeriesPlace = Pick<PlannedStation, "cell" | "cells">;

/** The observed anomalies of a station. */
export interface StationSeries {
  /** In time order, to be used before others are asked for; NaN is missing. */
  readonly anomalies: FloatArray;
  /** Where it has several cells, the positions of those with any value that was taken. */
  readonly used?: readonly number[];
}

export type StationSeriesReader = (place: SeriesPlace) => Promise<StationSeries>;

/**
 * Reads the observed anomalies of stations, those of several cells rounded once to the type of the grid.
 *
 * @param method - undefined where each takes them from its nearest cell
 */
export function stationSeriesReader(
  { about, seriesOf, seriesAround }: OpenGrid,
  method: CellsMethod | undefined,
): StationSeriesReader {
  return async ({ cell, cells }) => {
    if (cells === undefined || method === undefined) return { anomalies: await seriesOf(cell) };
    const taken = new TakenValues(method, about.shape.months);
    for (const [i, weighted] of cells.entries()) {
      if (taken.isWhole) break;
      taken.take(i, await seriesAround(weighted.cell), weighted);
    }
    return { anomalies: asFloats(floatType(about), taken.values()), used: taken.used };
  };
}

/** What a station's series is made of, as digests have it: the positions of its cell, or those of its cells with their weights. */
export function placeOf({ cell, cells }: SeriesPlace): readonly (number | readonly number[])[] {
  return cells === undefined ? cell : cells.map(({ cell: [lat, lon], weight }) => [lat, lon, weight]);
}

/** How maps call what a station's series is made of; `lat,lon` of its cell. */
export function nameOf(place: SeriesPlace): string {
  return placeOf(place).join();
}

/** The cells that a station's series is made of. @param used - as its {@link StationSeries} has it */
export function usedCells({ cell, cells }: SeriesPlace, used: readonly number[] = []): readonly UsedCell[] {
  return cells === undefined ? [{ cell, weight: 1 }] : used.map((i) => cells[i]!);
}

type UsedCell = Pick<WeightedCell, "cell" | "weight">;
