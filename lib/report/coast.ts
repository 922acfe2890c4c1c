import { type GeoStream, geoEquirectangular, geoStream } from "d3-geo";
import type { Region } from "./region.ts";

/** Units in a degree of a coast's points: one is less than a pixel of a map of a country. */
export const COAST_UNITS = 25;

/** One polygon of the globe's land, and the region that it lies in, so that most need not be looked at. */
export interface LandPolygon {
  /** Degrees; `west` is greater than `east` where it lies across the antimeridian. */
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
  /** JSON of its rings of points, as GeoJSON has them: those of most polygons need not be read. */
  readonly rings: string;
}

export type LandDetail = "fine" | "coarse";

/**
 * Rings of land within a region: its coast, and the region's edge where land goes on. Of every ring the first point, then
 * the steps to the next ones, degrees east and north in units of 1 / {@link COAST_UNITS}.
 */
export type Coast = readonly (readonly number[])[];

/** Wider regions are drawn small: a coarse coast is enough, and is a tenth of the size. */
const WIDE_DEGREES = 120;

/** Which land a region is cut from. */
export function landFor(region: Region): LandDetail {
  return widthOf(region) > WIDE_DEGREES ? "coarse" : "fine";
}

function widthOf({ west, east }: Region): number {
  return east > west ? east - west : east - west + 360;
}

/** The land of a region: cut on the sphere, so that rings across the antimeridian stay whole. @param land - {@link landFor} it */
export function coastOf(land: readonly LandPolygon[], region: Region): Coast {
  const { west, south, north } = region;
  const width = widthOf(region);
  const middle = west + width / 2;
  // One degree is one unit, the region's middle at 0, and north is up.
  const plate = geoEquirectangular()
    .rotate([-middle, 0])
    .scale(180 / Math.PI)
    .translate([0, 0])
    .precision(0)
    .clipExtent([
      [-width / 2, -north],
      [width / 2, -south],
    ]);
  const rings: number[][] = [];
  let ring: number[] = [];
  let [lastX, lastY] = [0, 0];
  const sink: GeoStream = {
    lineStart() {
      [ring, lastX, lastY] = [[], 0, 0];
    },
    lineEnd() {
      if (ring.length > 4) rings.push(ring);
    },
    point(x, y) {
      const [lon, lat] = [Math.round((x + middle) * COAST_UNITS), Math.round(-y * COAST_UNITS)];
      if (ring.length > 0 && lon === lastX && lat === lastY) return;
      ring.push(lon - lastX, lat - lastY);
      [lastX, lastY] = [lon, lat];
    },
    polygonStart() {},
    polygonEnd() {},
  };
  const near = land.filter((polygon) => isNear(polygon, region));
  const coordinates = near.map(({ rings: text }) => JSON.parse(text) as [lon: number, lat: number][][]);
  geoStream({ type: "MultiPolygon", coordinates }, plate.stream(sink));
  return rings;
}

/** Whether a polygon's bounds overlap a region: cutting one that is far away takes as long as one that is not. */
function isNear({ bounds: [west, south, east, north] }: LandPolygon, region: Region): boolean {
  if (north < region.south || south > region.north) return false;
  const span = (from: number, to: number) => (to > from ? to - from : to - from + 360);
  const gap = (from: number, to: number) => (((to - from) % 360) + 360) % 360;
  // One begins within the other.
  return gap(region.west, west) <= span(region.west, region.east) || gap(west, region.west) <= span(west, east);
}
