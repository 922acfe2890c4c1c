/** A part of the globe; `west` can be greater than `east`, across the antimeridian. */
export interface Region {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** Degrees around the stations that a map shows. */
export const REGION_MARGIN = 2;

/**
 * The region of some points; the narrowest one, be it across the antimeridian.
 *
 * @param margin - degrees around them
 */
export function regionOf(points: readonly Place[], margin: number): Region {
  const lons = Float64Array.from(points, ({ lon }) => wrap(lon)).sort();
  // The widest gap between neighbours, round the globe, is what the region leaves out.
  let [gap, after] = [(lons[0] ?? 0) + 360 - (lons.at(-1) ?? 0), 0];
  for (let i = 1; i < lons.length; i++) {
    if (lons[i]! - lons[i - 1]! > gap) [gap, after] = [lons[i]! - lons[i - 1]!, i];
  }
  const around = gap < 2 * margin + 1;
  let [least, most] = [90, -90];
  for (const { lat } of points) [least, most] = [Math.min(least, lat), Math.max(most, lat)];
  return {
    west: around ? -180 : wrap(lons[after]! - margin),
    east: around ? 180 : wrap(lons[(after + lons.length - 1) % lons.length]! + margin),
    south: Math.max(-90, least - margin),
    north: Math.min(90, most + margin),
  };
}

/** So much more than the region of a map that one of any shape shows land in detail up to its corners. */
export function coastRegion(stations: readonly Place[]): Region {
  const { south, north, ...sides } = regionOf(stations, REGION_MARGIN);
  const width = widthOf(sides) * Math.cos((((south + north) / 2) * Math.PI) / 180);
  return regionOf(stations, Math.max(15, 0.9 * (north - south), 0.45 * width));
}

/** Degrees of longitude that a region is wide. */
export function widthOf({ west, east }: Pick<Region, "west" | "east">): number {
  return east > west ? east - west : east - west + 360;
}

/** Degrees east, [-180, 180). */
function wrap(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}
