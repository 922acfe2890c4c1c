import { packNumber, unpackNumbers } from "../packed-numbers.ts";

/** Units in a degree of a packed ring's points: less than a pixel of a map of a country. */
const UNITS = 100;

/** A ring of points on the globe, degrees; its first point is not repeated at its end. */
export type Ring = readonly (readonly [lon: number, lat: number])[];

/**
 * Packs a ring into text: the steps from point to point, the shorter way round the globe, in units of 1/100 degree. Points
 * that fall on the one before are left out.
 */
export function packRing(ring: Ring): string {
  let text = "";
  let [lastLon, lastLat] = [0, 0];
  for (const [i, [lon, lat]] of ring.entries()) {
    const [east, north] = [wrapped(Math.round(lon * UNITS) - lastLon), Math.round(lat * UNITS) - lastLat];
    if (i > 0 && east === 0 && north === 0) continue;
    text += packNumber(east) + packNumber(north);
    [lastLon, lastLat] = [lastLon + east, lastLat + north];
  }
  return text;
}

/** The ring of a text; its longitudes go on beyond 180 where it crosses the antimeridian. */
export function unpackRing(text: string): [lon: number, lat: number][] {
  const numbers = unpackNumbers(text);
  const ring: [number, number][] = [];
  let [lon, lat] = [0, 0];
  for (let i = 0; i < numbers.length; i += 2) {
    lon += numbers[i]!;
    lat += numbers[i + 1]!;
    ring.push([lon / UNITS, lat / UNITS]);
  }
  return ring;
}

/** Units east, at most half round the globe either way. */
function wrapped(east: number): number {
  const round = 360 * UNITS;
  return east - round * Math.round(east / round);
}
