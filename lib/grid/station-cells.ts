import { type Axis, distanceKm, nearestIndex, type Place } from "./axis.ts";
import { indexesWithin, linearWeights } from "./axis-neighbours.ts";
import type { CellsMethod, WeightedCell } from "./station-method.ts";

export interface Axes {
  readonly lat: Axis;
  readonly lon: Axis;
}

/** Of a degree of latitude, on the sphere of {@link distanceKm}. */
const DEGREE_KM = distanceKm(0, 0, 1, 0);

/** Degrees within which a centre still lies in a box: as float32, which files often have coordinates in, knows longitudes. */
const TOLERANCE = 1e-4;

/**
 * The cells that a station takes its values from by a method, whether they have any or not: those of a mean with their weights, in
 * order of the axes but for `bilinear`; or the ones to try, nearest first, a tie going to the larger latitude, then longitude.
 */
export function stationCells(method: CellsMethod, axes: Axes, place: Place): WeightedCell[] {
  if (method === "bilinear") {
    return linearWeights(axes.lat, place.lat).flatMap((lat) =>
      linearWeights(axes.lon, place.lon).map((lon) => weighted(axes, [lat.index, lon.index], lat.weight * lon.weight)),
    );
  }
  if ("nearestValid" in method) return nearestFirst(axes, place, method.nearestValid.km);
  if ("degrees" in method.box) {
    const degrees = method.box.degrees + TOLERANCE;
    return cellsWithin(axes, place, { lat: degrees, lon: degrees });
  }
  return cellsNear(axes, place, method.box.km);
}

function weighted({ lat, lon }: Axes, cell: WeightedCell["cell"], weight = 1): WeightedCell {
  return { cell, lat: lat.values[cell[0]]!, lon: lon.values[cell[1]]!, weight };
}

function cellsWithin(axes: Axes, place: Place, within: Place): WeightedCell[] {
  const columns = indexesWithin(axes.lon, place.lon, within.lon);
  return indexesWithin(axes.lat, place.lat, within.lat).flatMap((lat) =>
    columns.map((lon) => weighted(axes, [lat, lon])),
  );
}

function cellsNear(axes: Axes, place: Place, km: number): WeightedCell[] {
  // A little more, as a centre on the rim must not be lost to rounding.
  const degrees = km / DEGREE_KM + TOLERANCE;
  const all = cellsWithin(axes, place, { lat: degrees, lon: longitudesOf(place.lat, degrees) });
  return all.filter(({ lat, lon }) => distanceKm(place.lat, place.lon, lat, lon) <= km);
}

/** How far east and west a circle reaches: without end where there is a pole in it. */
function longitudesOf(lat: number, degrees: number): number {
  if (Math.abs(lat) + degrees >= 90) return 180;
  const radians = Math.PI / 180;
  return Math.asin(Math.sin(degrees * radians) / Math.cos(lat * radians)) / radians;
}

function nearestFirst(axes: Axes, place: Place, km: number): WeightedCell[] {
  const nearest = weighted(axes, [nearestIndex(axes.lat, place.lat), nearestIndex(axes.lon, place.lon)]);
  const others = cellsNear(axes, place, km)
    .filter(({ cell: [lat, lon] }) => lat !== nearest.cell[0] || lon !== nearest.cell[1])
    // To a millimetre: of places as far as each other, rounding is not to choose.
    .map((cell) => ({ cell, far: Math.round(1e6 * distanceKm(place.lat, place.lon, cell.lat, cell.lon)) }))
    .sort((a, b) => a.far - b.far || b.cell.lat - a.cell.lat || b.cell.lon - a.cell.lon);
  return [nearest, ...others.map(({ cell }) => cell)];
}
