/** Units in a degree of a packed ring's points: less than a pixel of a map of a country. */
const UNITS = 100;
/** As in an encoded polyline: letters of five bits, which JSON writes as they stand but for one. */
const [FIRST_LETTER, BITS, MORE] = [63, 5, 32];

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
    text += packed(east) + packed(north);
    [lastLon, lastLat] = [lastLon + east, lastLat + north];
  }
  return text;
}

/** The ring of a text; its longitudes go on beyond 180 where it crosses the antimeridian. */
export function unpackRing(text: string): [lon: number, lat: number][] {
  const ring: [number, number][] = [];
  let [lon, lat, at] = [0, 0, 0];
  const next = () => {
    let [number, shift, letter] = [0, 0, MORE];
    for (; letter >= MORE; shift += BITS) {
      letter = text.charCodeAt(at++) - FIRST_LETTER;
      number |= (letter & (MORE - 1)) << shift;
    }
    return number & 1 ? -(number + 1) / 2 : number / 2;
  };
  while (at < text.length) {
    lon += next();
    lat += next();
    ring.push([lon / UNITS, lat / UNITS]);
  }
  return ring;
}

/** A number of either sign: 0, -1, 1, -2 … are 0, 1, 2, 3 …, five bits a letter, the lowest first. */
function packed(number: number): string {
  let left = number < 0 ? -2 * number - 1 : 2 * number;
  let text = "";
  for (; left >= MORE; left >>= BITS) text += String.fromCharCode((left & (MORE - 1)) + MORE + FIRST_LETTER);
  return text + String.fromCharCode(left + FIRST_LETTER);
}

/** Units east, at most half round the globe either way. */
function wrapped(east: number): number {
  const round = 360 * UNITS;
  return east - round * Math.round(east / round);
}
