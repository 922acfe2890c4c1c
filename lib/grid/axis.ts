import { InputError } from "../errors.ts";
import { sortBy } from "../netcdf/commands.ts";

export type AxisKind = "latitude" | "longitude";

/** Degrees north and east. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** The coordinates of cell centres along one side of a grid, in degrees. */
export interface Axis {
  readonly kind: AxisKind;
  /** Strictly ascending or strictly descending, of any spacing. */
  readonly values: Float64Array;
  readonly ascending: boolean;
  /** Longitudes that span the globe: the last cell's neighbour is the first. */
  readonly cyclic: boolean;
}

/**
 * An axis over the coordinates of a file. Longitudes that go on from the start of the turn, as 359, 0, 1 do, go on
 * counting: 359, 360, 361.
 *
 * @param values - cell centres in degrees, in the order of the file
 * @param dimension - what messages call it
 * @throws InputError `BadAxis` where they are none, not finite, not strictly monotonic, or off the globe
 */
export function makeAxis(kind: AxisKind, values: ArrayLike<number>, file: string, dimension: string = kind): Axis {
  const axis = kind === "longitude" ? unwrapped(values) : Float64Array.from(values);
  const bad = (problem: string, hint: string) =>
    new InputError("BadAxis", `its ${kind} axis ${problem}`, { file, hint });
  if (axis.length === 0) throw bad("has no values", "A grid has at least one cell");
  const ascending = axis.length === 1 || axis[1]! > axis[0]!;
  for (let i = 0; i < axis.length; i++) {
    const value = axis[i]!;
    const limit = kind === "latitude" ? 90 : 720;
    if (!(Math.abs(value) <= limit)) {
      throw bad(`has ${value} at position ${i}`, `Its values are finite degrees within ±${limit}`);
    }
    if (i > 0 && (ascending ? value <= axis[i - 1]! : value >= axis[i - 1]!)) {
      throw bad(
        `goes from ${axis[i - 1]} to ${value} at position ${i}`,
        `Its values rise or fall all the way; sort the grid first, e.g. by: ${sortBy(dimension, "unique")}`,
      );
    }
  }
  return { kind, values: axis, ascending, cyclic: kind === "longitude" && spansGlobe(axis) };
}

/**
 * The position of the cell nearest to a coordinate: smallest absolute difference, a tie going to the larger
 * coordinate, as pandas' `get_indexer(method="nearest")` has it. A longitude is first brought into the axis's own
 * range of 360 degrees; round the globe, the first cell stands again after the last.
 */
export function nearestIndex(axis: Axis, coordinate: number): number {
  const { values, ascending, cyclic } = axis;
  const count = values.length;
  const at = (rank: number) => values[ascending ? rank : count - 1 - rank]!;
  const target = axis.kind === "longitude" ? intoRange(coordinate, at(0), at(count - 1)) : coordinate;

  // The first rank, in ascending order, whose coordinate is not below the target.
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) < target) low = middle + 1;
    else high = middle;
  }
  let rank = low;
  if (low === count) {
    const wraps = cyclic && at(0) + 360 - target <= target - at(count - 1);
    rank = wraps ? 0 : count - 1;
  } else if (low > 0 && target - at(low - 1) < at(low) - target) {
    rank = low - 1;
  }
  return ascending ? rank : count - 1 - rank;
}

/** Degrees from the only cell of an axis, whose width nobody knows, that are far. */
const FAR_FROM_ONE_CELL = 1.5;

/**
 * How many cells lie between a coordinate and the centre of cell `index`. On an axis of one cell none, or without end
 * where it is more than 1.5 degrees away.
 */
export function cellsAway(axis: Axis, index: number, coordinate: number): number {
  const { values, kind } = axis;
  const spacings = [index - 1, index].flatMap((i) =>
    i >= 0 && i + 1 < values.length ? [Math.abs(values[i + 1]! - values[i]!)] : [],
  );
  const straight = Math.abs(coordinate - values[index]!);
  const difference = kind === "longitude" ? aroundGlobe(straight) : straight;
  if (values.length === 1) return difference > FAR_FROM_ONE_CELL ? Infinity : 0;
  return difference / Math.max(...spacings);
}

/** Great-circle distance in km on a sphere of radius 6371.0088 km (the IUGG mean radius), by the haversine formula. */
export function distanceKm(latA: number, lonA: number, latB: number, lonB: number): number {
  const radians = Math.PI / 180;
  const a =
    Math.sin(((latB - latA) * radians) / 2) ** 2 +
    Math.cos(latA * radians) * Math.cos(latB * radians) * Math.sin(((lonB - lonA) * radians) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** Km from a place to the centre of a cell, to 100 m: as records and tables have it. */
export function cellDistance(place: Place, centre: Place): number {
  return Math.round(distanceKm(place.lat, place.lon, centre.lat, centre.lon) * 10) / 10;
}

/** Longitudes with whole turns added from where they jump back, once, against the way that they go. */
function unwrapped(values: ArrayLike<number>): Float64Array {
  const axis = Float64Array.from(values);
  const steps = Array.from(axis.subarray(1), (value, i) => value - axis[i]!);
  const falls = steps.filter((step) => step < 0).length;
  const way = falls > steps.length / 2 ? -1 : 1;
  const back = steps.findIndex((step) => step * way < 0);
  // A jump that is no turn is one that the axis must not have.
  if (back === -1 || steps.length < 2 || !(steps[back]! * way > -360)) return axis;
  const turned = axis.map((value, i) => (i > back ? value + way * 360 : value));
  const span = Math.abs(turned.at(-1)! - turned[0]!);
  return span < 360 ? turned : axis;
}

function spansGlobe(values: Float64Array): boolean {
  if (values.length < 2) return false;
  const span = Math.abs(values[values.length - 1]! - values[0]!);
  const step = span / (values.length - 1);
  return span + step > 360 - step / 2;
}

/** The longitude plus the whole turns that bring it to `min` or just above, unless it is in the range as it is. */
function intoRange(longitude: number, min: number, max: number): number {
  if (longitude >= min && longitude <= max) return longitude;
  const turned = longitude + 360 * Math.ceil((min - longitude) / 360);
  // A regional axis: a place just west of it is nearer to its west end than after a whole turn to its east end.
  return turned > max && min - (turned - 360) < turned - max ? turned - 360 : turned;
}

function aroundGlobe(difference: number): number {
  const rest = difference % 360;
  return Math.min(rest, 360 - rest);
}
