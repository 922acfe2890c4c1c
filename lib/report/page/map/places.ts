import type { GeoProjection } from "d3-geo";
import type { ZoomTransform } from "d3-zoom";
import type { PageStation } from "../model.ts";

/** Pixels of the map, from its left and top. */
export type Point = readonly [x: number, y: number];

/** A part of the map, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The stations in a square of the map. */
export interface Bin {
  /** Of its middle, on the map of the whole region. */
  readonly middle: Point;
  readonly stations: readonly PageStation[];
}

/** The size of a bin on the map, in pixels: less than twice as much, as bins halve when the map is twice as large. */
const LEAST_BIN = 7;
/** How near to a station a pointer is to be, in pixels. */
const REACH = 14;
/** More bins than there are in a row. */
const ROW = 1e6;

/** Where stations are on a map. Points are those of the map of the whole region, before it is zoomed. */
export class Places {
  readonly #stations: readonly PageStation[];
  #points: readonly Point[] = [];
  readonly #bins = new Map<number, ReadonlyMap<number, Bin>>();

  constructor(stations: readonly PageStation[]) {
    this.#stations = stations;
  }

  place(projection: GeoProjection): void {
    this.#points = this.#stations.map(({ lon, lat }) => projection([lon, lat]) ?? [Number.NaN, Number.NaN]);
    this.#bins.clear();
  }

  pointOf({ position }: PageStation): Point {
    return this.#points[position]!;
  }

  /** The side of the bins at a zoom, on the map of the whole region. */
  binSize({ k }: ZoomTransform): number {
    return LEAST_BIN / 2 ** Math.floor(Math.log2(k));
  }

  /** The bins that have stations. */
  bins(view: ZoomTransform): Iterable<Bin> {
    return this.#binsOf(this.binSize(view)).values();
  }

  /** The bin that a station is in. */
  binOf(station: PageStation, view: ZoomTransform): Bin {
    const size = this.binSize(view);
    return this.#binsOf(size).get(binAt(this.pointOf(station), size))!;
  }

  /** The station that is nearest to a point of the zoomed map, and near enough. */
  nearest([x, y]: Point, view: ZoomTransform): PageStation | undefined {
    let best: PageStation | undefined;
    let least = REACH;
    for (const station of this.#around(
      { left: x - REACH, right: x + REACH, top: y - REACH, bottom: y + REACH },
      view,
    )) {
      const [stationX, stationY] = view.apply([...this.pointOf(station)]);
      const distance = Math.hypot(stationX - x, stationY - y);
      if (distance < least) [best, least] = [station, distance];
    }
    return best;
  }

  /** Whether a station is in a part of the zoomed map. */
  someIn(box: Box, view: ZoomTransform): boolean {
    for (const station of this.#around(box, view)) {
      const [x, y] = view.apply([...this.pointOf(station)]);
      if (x > box.left && x < box.right && y > box.top && y < box.bottom) return true;
    }
    return false;
  }

  /** The stations of all bins that a part of the zoomed map touches. */
  *#around({ left, top, right, bottom }: Box, view: ZoomTransform): Generator<PageStation> {
    const size = this.binSize(view);
    const bins = this.#binsOf(size);
    const [from, to] = [view.invert([left, top]), view.invert([right, bottom])];
    for (let y = from[1]; y < to[1] + size; y += size) {
      for (let x = from[0]; x < to[0] + size; x += size) yield* bins.get(binAt([x, y], size))?.stations ?? [];
    }
  }

  #binsOf(size: number): ReadonlyMap<number, Bin> {
    const made = this.#bins.get(size);
    if (made !== undefined) return made;
    const groups = Map.groupBy(this.#stations, (station) => binAt(this.pointOf(station), size));
    const middleOf = (of: number) => (Math.floor(of / size) + 0.5) * size;
    const bins = new Map<number, Bin>();
    for (const [key, stations] of groups) {
      const [x, y] = this.pointOf(stations[0]!);
      bins.set(key, { middle: [middleOf(x), middleOf(y)], stations });
    }
    this.#bins.set(size, bins);
    return bins;
  }
}

function binAt([x, y]: Point, size: number): number {
  return Math.floor(x / size) + ROW * Math.floor(y / size);
}
