import type { GeoProjection } from "d3-geo";
import type { Colours } from "./colours.ts";
import type { PageStation, Selection } from "./model.ts";
import { colour } from "./theme.ts";

/** Pixels of the map, from its left and top. */
export type Point = readonly [x: number, y: number];

/** How near to a station a pointer is to be, in pixels. */
const REACH = 14;

/** The dots of the stations: they are placed, drawn, and found again under a pointer. */
export class Dots {
  readonly #stations: readonly PageStation[];
  #points: readonly Point[] = [];
  #radius = 0;

  constructor(stations: readonly PageStation[]) {
    this.#stations = stations;
  }

  /** @param radius - of a dot, in pixels */
  place(projection: GeoProjection, radius: number): void {
    this.#points = this.#stations.map(({ lon, lat }) => projection([lon, lat]) ?? [Number.NaN, Number.NaN]);
    this.#radius = radius;
  }

  pointOf({ position }: PageStation): Point {
    return this.#points[position]!;
  }

  /** The station that is nearest to a point, and near enough. */
  nearest([x, y]: Point): PageStation | undefined {
    let best: PageStation | undefined;
    let least = REACH;
    for (const station of this.#stations) {
      const [stationX, stationY] = this.pointOf(station);
      const distance = Math.hypot(stationX - x, stationY - y);
      if (distance < least) [best, least] = [station, distance];
    }
    return best;
  }

  /** Draws all dots as they were placed, and a ring round the selected one. */
  draw(context: CanvasRenderingContext2D, selection: Selection, { of }: Colours): void {
    context.lineWidth = 0.6;
    // Weak anomalies first, so that strong ones are not hidden; what is missing last, as it must be seen.
    const strength = (station: PageStation) =>
      station.written && !Number.isNaN(selection.valueOf(station)) ? Math.abs(selection.valueOf(station)) : Infinity;
    for (const station of this.#stations.toSorted((a, b) => strength(a) - strength(b))) {
      const value = selection.valueOf(station);
      this.#circle(context, station, this.#radius);
      if (station.written && !Number.isNaN(value)) {
        context.fillStyle = of(value);
        context.fill();
        context.strokeStyle = colour("--dot-edge");
      } else {
        context.strokeStyle = colour("--missing");
      }
      context.stroke();
    }
    const { station: selected } = selection;
    if (selected === undefined) return;
    context.lineWidth = 2;
    context.strokeStyle = colour("--text");
    this.#circle(context, selected, this.#radius + 3);
    context.stroke();
  }

  #circle(context: CanvasRenderingContext2D, station: PageStation, radius: number): void {
    const [x, y] = this.pointOf(station);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}
