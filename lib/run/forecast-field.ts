import { packNumber } from "../packed-numbers.ts";
import { REGION_MARGIN, type Region, regionOf, widthOf } from "../stations/region.ts";
import type { Forecast } from "./forecast.ts";
import type { ForecastField } from "./records.ts";

/** More cells than a map shows apart: of more, squares of them are averaged. */
const MOST_CELLS = 4000;
/** Of all leads, so that the field stays small beside the stations. */
const MOST_VALUES = 24_000;
/** Steps in the greatest value: more than there are colours. */
const STEPS = 200;

/**
 * The forecast in the region of some stations, rounded.
 *
 * @returns undefined where it has no values there, or a row or column alone, whose cells have no size
 */
export function forecastField(
  forecast: Forecast,
  stations: readonly { readonly lat: number; readonly lon: number }[],
): ForecastField | undefined {
  const region = regionOf(stations, REGION_MARGIN);
  const [rows, columns] = [rowsIn(region, forecast), columnsIn(region, forecast)];
  const most = Math.min(MOST_CELLS, MOST_VALUES / forecast.seconds.length);
  const side = Math.max(1, Math.ceil(Math.sqrt((rows.length * columns.length) / most)));
  const [rowBlocks, columnBlocks] = [blocks(rows, side), blocks(columns, side)];
  if (rowBlocks.length < 2 || columnBlocks.length < 2) return undefined;
  const leads = Array.from(forecast.seconds, (_, lead) =>
    rowBlocks.flatMap((of) => columnBlocks.map((across) => meanOf(forecast, lead, { rows: of, columns: across }))),
  );
  const greatest = leads.flat().reduce((size, value) => Math.max(size, Math.abs(value) || 0), 0);
  if (greatest === 0) return undefined;
  const step = Number((greatest / STEPS).toPrecision(2));
  const centre = (of: readonly Place[]) => rounded(of.reduce((sum, { degrees }) => sum + degrees, 0) / of.length);
  return {
    lat: rowBlocks.map(centre),
    lon: columnBlocks.map(centre),
    step,
    leads: leads.map((values) => values.map((value) => packNumber(codeOf(value, step))).join("")),
  };
}

/** A row or column: its position on its axis, and its centre. */
interface Place {
  readonly at: number;
  readonly degrees: number;
}

function rowsIn({ south, north }: Region, { lat: { values } }: Forecast): Place[] {
  const half = spacing(values) / 2;
  return Array.from(values, (degrees, at) => ({ at, degrees })).filter(
    ({ degrees }) => degrees >= south - half && degrees <= north + half,
  );
}

/** From west to east, from the region's western side on. */
function columnsIn(region: Region, { lon: { values } }: Forecast): Place[] {
  const half = spacing(values) / 2;
  const from = region.west - half;
  const width = widthOf(region) + 2 * half;
  return Array.from(values, (lon, at) => ({ at, degrees: from + ((((lon - from) % 360) + 360) % 360) }))
    .filter(({ degrees }) => degrees <= from + width)
    .sort((a, b) => a.degrees - b.degrees);
}

function spacing(values: Float64Array): number {
  return values.length < 2 ? 0 : Math.abs(values[1]! - values[0]!);
}

/** Whole blocks of some places; what is left over at the end is none. */
function blocks(places: readonly Place[], side: number): Place[][] {
  return Array.from({ length: Math.floor(places.length / side) }, (_, i) => places.slice(i * side, (i + 1) * side));
}

function meanOf(
  { lat, lon, values }: Forecast,
  lead: number,
  { rows, columns }: Readonly<Record<"rows" | "columns", readonly Place[]>>,
): number {
  let [sum, count] = [0, 0];
  for (const row of rows) {
    for (const column of columns) {
      const value = values[(lead * lat.values.length + row.at) * lon.values.length + column.at]!;
      if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
    }
  }
  return sum / count;
}

function codeOf(value: number, step: number): number {
  if (Number.isNaN(value)) return 0;
  const steps = Math.round(value / step);
  return steps < 0 ? steps : steps + 1;
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(3));
}
