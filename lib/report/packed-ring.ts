import { packNumber, unpackNumbers } from "../packed-numbers.ts";

/** Units in a degree of a packed ring's points: less than a pixel of a map of a country. */
const UNITS = 100;

/**
 * A ring of points on the globe: lon, lat, lon, lat …, degrees; its first point is not repeated at its end. A list of numbers, as
 * the land has so many points that a list for each is most of what a run's page takes.
 */
export type Ring = readonly number[];

/**
 * Packs a ring into text: the steps from point to point, the shorter way round the globe, in units of 1/100 degree. Points
 * that fall on the one before are left out.
 */
export function packRing(ring: Ring): string {
  let text = "";
  let lastLon = 0;
  let lastLat = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const east = wrapped(Math.round(ring[i]! * UNITS) - lastLon);
    const north = Math.round(ring[i + 1]! * UNITS) - lastLat;
    if (i > 0 && east === 0 && north === 0) continue;
    text += packNumber(east) + packNumber(north);
    lastLon += east;
    lastLat += north;
  }
  return text;
}

/** The ring of a text; its longitudes go on beyond 180 where it crosses the antimeridian. */
export function unpackRing(text: string): number[] {
  const ring = unpackNumbers(text);
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < ring.length; i += 2) {
    lon += ring[i]!;
    lat += ring[i + 1]!;
    ring[i] = lon / UNITS;
    ring[i + 1] = lat / UNITS;
  }
  return ring;
}

/** The points of the ring of a text, the first one again at its end, as GeoJSON and d3-geo have them. */
export function ringPoints(text: string): [lon: number, lat: number][] {
  const ring = unpackRing(text);
  const points: [number, number][] = [];
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i]!, ring[i + 1]!]);
  if (points[0] !== undefined) points.push(points[0]);
  return points;
}

/** Units east, at most half round the globe either way. */
function wrapped(east: number): number {
  const round = 360 * UNITS;
  return east - round * Math.round(east / round);
}
