import { type Axis, nearestIndex } from "./axis.ts";

/** A position on an axis, and what it counts there. */
export interface AxisWeight {
  readonly index: number;
  readonly weight: number;
}

/**
 * The cells on both sides of a coordinate, with the weights of linear interpolation, which add up to 1. A coordinate at the centre
 * of a cell has that one alone, and so has one that lies beyond the last centre: round the globe no longitude does.
 */
export function linearWeights(axis: Axis, coordinate: number): AxisWeight[] {
  const index = nearestIndex(axis, coordinate);
  const past = degreesPast(axis, index, coordinate);
  const next = past === 0 ? undefined : beside(axis, index, past > 0 ? 1 : -1);
  if (next === undefined) return [{ index, weight: 1 }];
  const weight = Math.abs(past / degreesPast(axis, index, axis.values[next]!));
  return [
    { index, weight: 1 - weight },
    { index: next, weight },
  ];
}

/** The positions of the cells whose centres lie within so many degrees of a coordinate, in their order; none may. */
export function indexesWithin(axis: Axis, coordinate: number, degrees: number): number[] {
  const inside = (index: number) => Math.abs(degreesPast(axis, index, coordinate)) <= degrees;
  const nearest = nearestIndex(axis, coordinate) % cellsRound(axis);
  if (!inside(nearest)) return [];
  const found = new Set([nearest]);
  for (const way of [1, -1] as const) {
    let next = beside(axis, nearest, way);
    while (next !== undefined && inside(next) && !found.has(next)) {
      found.add(next);
      next = beside(axis, next, way);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** Degrees from the centre of a cell to a coordinate, the short way round the globe; negative towards smaller coordinates. */
function degreesPast({ kind, values }: Axis, index: number, coordinate: number): number {
  const straight = coordinate - values[index]!;
  return kind === "latitude" ? straight : straight - 360 * Math.round(straight / 360);
}

/** The cell beside one, towards larger coordinates or smaller ones; undefined where the grid ends. */
function beside(axis: Axis, index: number, way: 1 | -1): number | undefined {
  const count = cellsRound(axis);
  const next = index + (axis.ascending ? way : -way);
  if (axis.cyclic) return (next + count) % count;
  return next >= 0 && next < count ? next : undefined;
}

/** How many cells there are until the first comes again: some files have it once more at their end. */
function cellsRound({ values, cyclic }: Axis): number {
  const last = values.length - 1;
  return cyclic && Math.abs(values[last]! - values[0]!) >= 360 ? last : values.length;
}
