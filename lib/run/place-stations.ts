import { type Axis, cellsAway, distanceKm, makeAxis, nearestIndex } from "../grid/axis.ts";
import type { GridDescription } from "../grid/description.ts";
import type { Station } from "../stations/station.ts";
import type { Warning } from "../warning.ts";
import { type Forecast, forecastAt } from "./forecast.ts";
import { plannedValue } from "./planned-value.ts";
import type { PlannedStation, StationsRecord } from "./records.ts";

/** A station that lies farther from its cell's centre than this, in cells, is off the grid. */
const FAR_CELLS = 1.5;

/**
 * Each station with its cell of the anomaly grid, its forecast and its key; and a warning for each that lies off the
 * observations' grid or the forecast's.
 */
export function placeStations(
  stations: readonly Station[],
  grid: GridDescription,
  forecast: Forecast,
  keyOf: (station: string) => string,
): { stations: PlannedStation[]; warnings: Warning[] } {
  const lat = makeAxis("latitude", grid.lat, grid.observations.key);
  const lon = makeAxis("longitude", grid.lon, grid.observations.key);
  const warnings: Warning[] = [];
  const planned = stations.map((station): PlannedStation => {
    const place = nearestCell(lat, lon, station);
    const ahead = nearestCell(forecast.lat, forecast.lon, station);
    if (place.away > FAR_CELLS) warnings.push(farWarning("observations", station, place));
    if (ahead.away > FAR_CELLS) warnings.push(farWarning("forecast", station, ahead));
    return {
      id: station.id,
      key: keyOf(station.id),
      cell: place.cell,
      cellLat: place.lat,
      cellLon: place.lon,
      distanceKm: place.km,
      forecast: forecastAt(forecast, ahead.cell).map(plannedValue),
    };
  });
  return { stations: planned, warnings };
}

/** The cell nearest to a station: positions on the axes, centre, distance in km and in cells. */
interface Place {
  readonly cell: readonly [lat: number, lon: number];
  readonly lat: number;
  readonly lon: number;
  readonly km: number;
  readonly away: number;
}

function nearestCell(latAxis: Axis, lonAxis: Axis, station: Station): Place {
  const cell = [nearestIndex(latAxis, station.lat), nearestIndex(lonAxis, station.lon)] as const;
  const [lat, lon] = [latAxis.values[cell[0]]!, lonAxis.values[cell[1]]!];
  return {
    cell,
    lat,
    lon,
    km: Math.round(distanceKm(station.lat, station.lon, lat, lon) * 10) / 10,
    away: Math.max(cellsAway(latAxis, cell[0], station.lat), cellsAway(lonAxis, cell[1], station.lon)),
  };
}

function farWarning(of: "observations" | "forecast", { id }: Station, { lat, lon, km, away }: Place): Warning {
  const message = `the nearest cell of the ${of} is ${away.toFixed(1)} cells away: it lies off that grid`;
  return { kind: "cellFar", message, station: id, cell: { lat, lon }, distanceKm: km };
}

/** What the page and the table of a run say of stations and grid. @param planned - one for each of `stations`, in their order */
export function stationsRecord(
  { variable, longName, units, baseline, seconds }: GridDescription,
  stations: readonly Station[],
  planned: readonly PlannedStation[],
): StationsRecord {
  return {
    variable: {
      name: variable,
      ...(longName === undefined ? {} : { longName }),
      ...(units === undefined ? {} : { units }),
    },
    baseline,
    seconds,
    stations: stations.map(({ name, province, lat, lon, elevation }, i) => ({
      ...planned[i]!,
      name,
      province,
      lat,
      lon,
      elevation: Number.isNaN(elevation) ? null : elevation,
    })),
  };
}
