import type { GridDescription } from "../grid/description.ts";
import type { CellsMethod, WeightedCell } from "../grid/station-method.ts";
import type { PlannedStation } from "./chunk-records.ts";
import { type Forecast, forecastAt, forecastOver } from "./forecast.ts";
import { forecastField } from "./forecast-field.ts";
import type { PlacedStation, PlaceOptions } from "./place-stations.ts";
import { plannedValue } from "./planned-value.ts";
import type { StationsRecord } from "./records.ts";

/** What a run is to write of a station. @param key - of its CSV */
export function plannedStation(
  station: PlacedStation,
  forecast: Forecast,
  { key, method }: Pick<PlannedStation, "key"> & Pick<PlaceOptions, "method">,
): PlannedStation {
  const { id, cell, cellLat, cellLon, distanceKm: km, cells } = station;
  const { values, used } = forecastOf(station, forecast, method);
  return {
    id,
    key,
    cell,
    cellLat,
    cellLon,
    distanceKm: km,
    ...(cells === undefined || used === undefined ? {} : { cells, forecastCells: used }),
    forecast: values.map(plannedValue),
  };
}

/** The forecast of a station, of every lead, and the cells that a method took it from. */
function forecastOf(
  { ahead, aheadCells }: PlacedStation,
  forecast: Forecast,
  method: CellsMethod | undefined,
): { readonly values: readonly number[]; readonly used?: readonly WeightedCell[] } {
  if (aheadCells === undefined || method === undefined) return { values: forecastAt(forecast, ahead) };
  return forecastOver(forecast, aheadCells, method);
}

/** What is known of the stations of a run: as they are placed, and in the same order as they are planned. */
export interface RunStations {
  readonly placed: readonly PlacedStation[];
  readonly planned: readonly PlannedStation[];
  readonly forecast: Forecast;
  readonly method: CellsMethod | undefined;
}

/** What the page and the table of a run say of stations and grid. */
export function stationsRecord(
  { variable, longName, baseline, weekly, seconds }: GridDescription,
  { placed, planned, forecast, method }: RunStations,
): StationsRecord {
  const field = forecastField(forecast, placed);
  return {
    variable: { name: variable, ...(longName === undefined ? {} : { longName }) },
    baseline,
    ...(weekly === undefined ? {} : { weekly: true }),
    seconds,
    ...(method === undefined ? {} : { method }),
    ...(field === undefined ? {} : { field }),
    stations: placed.map((station, i) => ({
      ...planned[i]!,
      ...spreadAt(station, forecast, method),
      name: station.name,
      province: station.province,
      lat: station.lat,
      lon: station.lon,
      elevation: station.elevation,
    })),
  };
}

/** Where a method makes the mean of several cells, that of their lowest values, and of their highest. */
function spreadAt(station: PlacedStation, forecast: Forecast, method: CellsMethod | undefined) {
  if (forecast.spread === undefined) return {};
  const { low, high } = forecast.spread;
  const of = (values: Forecast["values"]) =>
    forecastOf(station, { ...forecast, values }, method).values.map(plannedValue);
  return { spread: { low: of(low), high: of(high) } };
}
