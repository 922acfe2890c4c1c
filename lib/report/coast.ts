import { geoArea } from "d3-geo";
import { type Region, widthOf } from "../stations/region.ts";
import { packRing, type Ring, ringPoints, unpackRing } from "./packed-ring.ts";

/** One polygon of the globe's land, and the region that it lies in, so that most need not be looked at. */
export interface LandPolygon {
  /** Degrees; `west` is greater than `east` where it lies across the antimeridian. */
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
  /** Packed: those of most polygons need not be read. */
  readonly rings: readonly string[];
}

export type LandDetail = "fine" | "coarse";

/**
 * The land of a map: whole polygons of the globe, each of packed rings, wound as d3-geo has them, so that any projection can
 * clip them. Outside of the map's region they are coarser, the farther away the more.
 */
export type Coast = readonly (readonly string[])[];

/** Larger parts of the globe are drawn small: a coarse coast is enough, and is a tenth of the size. */
const LARGE = 0.35;
/** Points outside of a region stand so far from each other, in parts of their distance from it. */
const COARSENESS = 0.1;
const RADIANS = Math.PI / 180;

/** Which land a region's coast is made of. */
export function landFor(region: Region): LandDetail {
  const { south, north } = region;
  const part = ((Math.sin(north * RADIANS) - Math.sin(south * RADIANS)) / 2) * (widthOf(region) / 360);
  return part > LARGE ? "coarse" : "fine";
}

/** The land in and around a region. @param land - {@link landFor} it */
export function coastOf(land: readonly LandPolygon[], region: Region): Coast {
  const distance = distanceFrom(region);
  return land
    .filter((polygon) => isNear(polygon, region))
    .map(({ rings }) =>
      wholeRings(
        rings.map((text) => thinnedText(text, distance)),
        rings,
      ),
    )
    .filter((rings) => rings.length > 0);
}

/**
 * The rings of a polygon that still have an inside on their own side: of one that is too small, or was thinned to a line, all else
 * would be land. None where its outer ring has none, as its holes are of that.
 *
 * @param known - texts that have one, in the order of the rings
 */
export function wholeRings(rings: readonly string[], known: readonly string[] = []): string[] {
  const whole = rings.filter((text, i) => text === known[i] || isWound(text, i > 0));
  return whole[0] === rings[0] ? whole : [];
}

function thinnedText(text: string, distance: Distance): string {
  const ring = unpackRing(text);
  const kept = thinned(ring, distance);
  return kept.length === ring.length ? text : packRing(kept);
}

/**
 * Leaves out points that are far away. No new line comes near the region: it is short for how far away its end is.
 */
function thinned(ring: Ring, distance: Distance): Ring {
  const kept: number[] = [];
  let lastLon = Number.NaN;
  let lastLat = Number.NaN;
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    const nextLon = ring[next]!;
    const nextLat = ring[next + 1]!;
    const far = distance(nextLon, nextLat);
    if (far > 0 && degreesBetween(lastLon, lastLat, nextLon, nextLat) < COARSENESS * far) continue;
    lastLon = ring[i]!;
    lastLat = ring[i + 1]!;
    kept.push(lastLon, lastLat);
  }
  return kept;
}

/** Not less than the distance of two points that are near to each other, degrees. */
function degreesBetween(lon: number, lat: number, otherLon: number, otherLat: number): number {
  const east = Math.abs(((otherLon - lon + 540) % 360) - 180);
  const shrunk = Math.cos(Math.min(Math.abs(lat), Math.abs(otherLat)) * RADIANS);
  return Math.hypot(east * shrunk, otherLat - lat);
}

/** Tells how far a point is from a region: never more than it is, degrees. */
type Distance = (lon: number, lat: number) => number;

function distanceFrom(region: Region): Distance {
  const { west, south, north } = region;
  const half = widthOf(region) / 2;
  const middle = west + half;
  return (lon, lat) => {
    const beside = Math.abs(((((lon - middle + 180) % 360) + 360) % 360) - 180) - half;
    const toMeridian =
      beside <= 0 ? 0 : Math.asin(Math.cos(lat * RADIANS) * Math.sin(Math.min(beside, 90) * RADIANS)) / RADIANS;
    return Math.max(toMeridian, lat - north, south - lat);
  };
}

function isWound(text: string, isHole: boolean): boolean {
  const points = ringPoints(text);
  if (points.length < 4) return false;
  const area = geoArea({ type: "Polygon", coordinates: [points] });
  return area > 2 * Math.PI === isHole;
}

/** Whether a polygon's bounds overlap a region: most are far away, and need not be read. */
function isNear({ bounds: [west, south, east, north] }: LandPolygon, region: Region): boolean {
  if (north < region.south || south > region.north) return false;
  const span = (from: number, to: number) => (to > from ? to - from : to - from + 360);
  const gap = (from: number, to: number) => (((to - from) % 360) + 360) % 360;
  // One begins within the other.
  return gap(region.west, west) <= span(region.west, region.east) || gap(west, region.west) <= span(west, east);
}
