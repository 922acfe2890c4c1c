import { InputError } from "../errors.ts";
import { type Axis, cellDistance, cellsAway, makeAxis, nearestIndex } from "../grid/axis.ts";
import type { GridDescription } from "../grid/description.ts";
import { type Axes, stationCells } from "../grid/station-cells.ts";
import type { CellsMethod, WeightedCell } from "../grid/station-method.ts";
import type { Station } from "../stations/station.ts";
import { counted, type Warning } from "../warning.ts";
import { MAX_STATION_CELLS } from "./chunk-plan.ts";
import type { Forecast } from "./forecast.ts";
import type { TableStation } from "./records.ts";

/** A station that lies farther from its cell's centre than this, in cells, is off the grid. */
const FAR_CELLS = 1.5;
/**
 * So much of the distance at which a station is left out is far however large the cells are: 400 km of 500, which is
 * more than to the corner of a cell of five degrees.
 */
const FAR_PART = 0.8;

export interface PlaceOptions {
  /** The station table. */
  readonly file: string;
  /** A station farther from the centre of its cell, in either grid, is not planned. */
  readonly maxDistanceKm: number;
  /** Undefined where stations take their values from their nearest cells. */
  readonly method: CellsMethod | undefined;
}

/** A station that is near enough, with its cells in both grids. */
export interface PlacedStation extends Omit<TableStation, "key" | "forecast" | "forecastCells"> {
  /** Positions of its nearest cell on the axes of the forecast. */
  readonly ahead: readonly [lat: number, lon: number];
  /** Where there is a method, all cells of the forecast that it may take values from. */
  readonly aheadCells?: readonly WeightedCell[];
}

export interface PlacedStations {
  /** Those that are near enough, in the order of the table. */
  readonly stations: readonly PlacedStation[];
  /** How many are not. */
  readonly tooFar: number;
  readonly warnings: readonly Warning[];
}

/**
 * Each station with its cell of the anomaly grid and of the forecast's; and a warning for each that lies off the
 * observations' grid or the forecast's, or so far off that it is left out.
 *
 * @throws InputError `BadTable` where all stations are too far away; `TooLarge` for more cells than a run can carry
 */
export function placeStations(
  stations: readonly Station[],
  grid: GridDescription,
  forecast: Pick<Forecast, "lat" | "lon">,
  { file, maxDistanceKm, method }: PlaceOptions,
): PlacedStations {
  const lat = makeAxis("latitude", grid.lat, grid.observations.key);
  const lon = makeAxis("longitude", grid.lon, grid.observations.key);
  const cellsOf = cellsFinder(file, { lat, lon }, forecast, method);
  const near: PlacedStation[] = [];
  const warnings: Warning[] = [];
  let nearest: Found | undefined;
  for (const station of stations) {
    const place = nearestCell(lat, lon, station);
    const ahead = nearestCell(forecast.lat, forecast.lon, station);
    const found: readonly Found[] = [
      { of: "observations", station, place },
      { of: "forecast", station, place: ahead },
    ];
    const farthest = place.km >= ahead.km ? found[0]! : found[1]!;
    if (farthest.place.km > maxDistanceKm) {
      if (nearest === undefined || farthest.place.km < nearest.place.km) nearest = farthest;
      warnings.push(tooFarWarning(farthest, maxDistanceKm));
      continue;
    }
    warnings.push(
      ...found.filter(({ place: { away, km } }) => away > FAR_CELLS || km > FAR_PART * maxDistanceKm).map(farWarning),
    );
    near.push({
      ...station,
      elevation: Number.isNaN(station.elevation) ? null : station.elevation,
      cell: place.cell,
      cellLat: place.lat,
      cellLon: place.lon,
      distanceKm: place.km,
      ahead: ahead.cell,
      ...cellsOf(station),
    });
  }
  if (near.length === 0 && nearest !== undefined) throw allTooFar(file, stations.length, nearest, maxDistanceKm);
  return { stations: near, tooFar: stations.length - near.length, warnings };
}

/** The cell that a station was found in, of one of the two grids. */
interface Found {
  readonly of: "observations" | "forecast";
  readonly station: Station;
  readonly place: Place;
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
    km: cellDistance(station, { lat, lon }),
    away: Math.max(cellsAway(latAxis, cell[0], station.lat), cellsAway(lonAxis, cell[1], station.lon)),
  };
}

function farWarning({ of, station, place: { lat, lon, km, away } }: Found): Warning {
  const message =
    away > FAR_CELLS
      ? `the nearest cell of the ${of} is ${away.toFixed(1)} cells away: it lies off that grid`
      : `the centre of the nearest cell of the ${of} is ${km} km away`;
  return { kind: "cellFar", message, station: station.id, cell: { lat, lon }, distanceKm: km };
}

function tooFarWarning({ of, station: { id }, place: { lat, lon, km } }: Found, maxDistanceKm: number): Warning {
  const message = `station ${id} was not written: the nearest cell of the ${of}, ${cellText(lat, lon)}, is ${km} km away, and ${maxDistanceKm} km are allowed`;
  return { kind: "cellTooFar", message, station: id, cell: { lat, lon }, distanceKm: km };
}

function allTooFar(file: string, count: number, { of, station, place }: Found, maxDistanceKm: number): InputError {
  const { lat, lon, km } = place;
  const problem = `none of its ${counted(count, "station")} is within ${maxDistanceKm} km of a cell of both observations and forecast. The nearest, ${station.id}, is ${km} km from the cell of the ${of} at ${cellText(lat, lon)}`;
  return new InputError("BadTable", problem, {
    file,
    hint: "Check its coordinates and the region of both files; for a coarse grid set series.maxDistanceKm of the product",
  });
}

/** Finds the cells that stations take their values from by a method. */
function cellsFinder(file: string, archive: Axes, forecast: Axes, method: CellsMethod | undefined) {
  let count = 0;
  return (station: Station): Pick<PlacedStation, "cells" | "aheadCells"> => {
    if (method === undefined) return {};
    const found = {
      cells: stationCells(method, archive, station),
      aheadCells: stationCells(method, forecast, station),
    };
    count += found.cells.length + found.aheadCells.length;
    if (count > MAX_STATION_CELLS) throw tooManyCells(file);
    return found;
  };
}

function tooManyCells(file: string): InputError {
  return new InputError("TooLarge", `its stations take values from more than ${MAX_STATION_CELLS} cells`, {
    file,
    hint: "Set fewer km or degrees in series.method of the product, or cut the table into several, each for a run of its own",
  });
}

/** The centre of a cell: `47.5° N, 123.75° E`. */
function cellText(lat: number, lon: number): string {
  const east = lon > 180 ? lon - 360 : lon;
  const degrees = (value: number) => `${Number(Math.abs(value).toFixed(2))}°`;
  return `${degrees(lat)} ${lat < 0 ? "S" : "N"}, ${degrees(east)} ${east < 0 ? "W" : "E"}`;
}
