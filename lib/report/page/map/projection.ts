import { type GeoProjection, geoAzimuthalEqualArea, geoCentroid, geoConicEqualArea, geoEqualEarth } from "d3-geo";
import type { MultiPoint } from "geojson";
import { widthOf } from "../../../stations/region.ts";
import type { PageData } from "../../page-data.ts";

/** Wider regions are shown on a map of the globe. */
const WIDE_DEGREES = 150;
/** From the equator: regions beyond are far from it. Of these, wider ones are shown as from above, or from above the pole. */
const FAR_LAT = 30;
const [ABOVE_DEGREES, POLAR_DEGREES] = [100, 200];
/** So is one that comes this near to a pole: a cone has no point for it. */
const POLE_LAT = 84;
/** Wider ones are shown with the rest of the globe. */
const ROUND_DEGREES = 270;
/** Pixels around the region. */
const MARGIN = 12;
/** Pixels beyond the edge that lines are cut at, so that none is seen along it. */
const CUT = 20;

/**
 * An equal-area map of a region that fills a width and height: a cone, the globe, or as from above. What it draws is cut
 * beyond the edges.
 */
export function projectionFor(region: PageData["region"], width: number, height: number): GeoProjection {
  const edge: MultiPoint = { type: "MultiPoint", coordinates: edgeOf(region) };
  return (
    unfitted(region, edge)
      // Zoomed in, it is drawn from the same lines.
      .precision(0.1)
      .fitExtent(
        [
          [MARGIN, MARGIN],
          [width - MARGIN, height - MARGIN],
        ],
        edge,
      )
      .clipExtent([
        [-CUT, -CUT],
        [width + CUT, height + CUT],
      ])
  );
}

function unfitted({ west, east, south, north }: PageData["region"], edge: MultiPoint): GeoProjection {
  const span = widthOf({ west, east });
  const middle = west + span / 2;
  const isFar = Math.max(south, -north) >= FAR_LAT;
  if (isFar && (span > POLAR_DEGREES || Math.max(north, -south) >= POLE_LAT))
    return geoAzimuthalEqualArea().rotate([-middle, north > 0 ? -90 : 90]);
  if (isFar && span > ABOVE_DEGREES) return geoAzimuthalEqualArea().rotate([-middle, -geoCentroid(edge)[1]]);
  if (span > WIDE_DEGREES) return geoEqualEarth().rotate([-middle, 0]);
  return (
    geoConicEqualArea()
      // Parallels a sixth from either edge keep shapes best in between.
      .parallels([south + (north - south) / 6, north - (north - south) / 6])
      .rotate([-middle, 0])
  );
}

/** Points along the parallels of a region: all round where it has a pole in it, or nearly does go round. */
function edgeOf({ west, east, south, north }: PageData["region"]): [lon: number, lat: number][] {
  const width = widthOf({ west, east });
  const span = Math.max(north, -south) === 90 || width > ROUND_DEGREES ? 360 : width;
  const along = Array.from({ length: 25 }, (_, i) => west + width / 2 - span / 2 + (span * i) / 24);
  return [south, (south + north) / 2, north].flatMap((lat) => along.map((lon): [number, number] => [lon, lat]));
}
