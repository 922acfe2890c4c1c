import { type GeoProjection, geoConicEqualArea, geoEqualEarth } from "d3-geo";
import type { PageData } from "../page-data.ts";

/** Wider regions are shown on a map of the globe. */
const WIDE_DEGREES = 150;

/** An equal-area map of a region that fills a width and height. */
export function projectionFor(region: PageData["region"], width: number, height: number): GeoProjection {
  const { west, east, south, north } = region;
  const span = east > west ? east - west : east - west + 360;
  const middle = west + span / 2;
  const projection =
    span > WIDE_DEGREES
      ? geoEqualEarth().rotate([-middle, 0])
      : geoConicEqualArea()
          // Parallels a sixth from either edge keep shapes best in between.
          .parallels([south + (north - south) / 6, north - (north - south) / 6])
          .rotate([-middle, 0]);
  const along = Array.from({ length: 13 }, (_, i) => west + (span * i) / 12);
  const edge = [south, (south + north) / 2, north].flatMap((lat) => along.map((lon): [number, number] => [lon, lat]));
  return projection.fitExtent(
    [
      [12, 12],
      [width - 12, height - 12],
    ],
    { type: "MultiPoint", coordinates: edge },
  );
}
