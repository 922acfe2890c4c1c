import { ANY, keys } from "../keys.ts";
import type { FloatType } from "../netcdf/decoded-type.ts";
import type { ObjectStore } from "../store/store.ts";
import type { GridDescription } from "./description.ts";
import { FLOAT_BYTES, type FloatArray, floatType } from "./floats.ts";
import { YEAR_MONTHS, type Years } from "./months.ts";
import { climatologyShape } from "./stored-climatologies.ts";
import { tileName } from "./tiles.ts";

/** The array that holds the anomalies, beside the coordinates `lat`, `lon` and `time`. */
const ANOMALY = "anomaly";
const CLIMATOLOGY = "climatology_";

/** Patterns of the keys of the tiles of all grids, for permissions. */
export const TILE_KEYS = [`${ANOMALY}/${ANY}`, `${CLIMATOLOGY}${ANY}`].map((path) => keys.grid(ANY, path));

/** The array of the climatology of some years, of shape (lat, lon, month). */
export function climatologyArray([first, last]: Years): string {
  return `${CLIMATOLOGY}${first}_${last}`;
}

/** The key of a tile of a grid: of its anomalies, or of another of its arrays. */
export function tileKey(gridId: string, row: number, column: number, array = ANOMALY): string {
  return keys.grid(gridId, `${array}/${tileName(row, column)}`);
}

/** The key of a tile by what {@link TileChecksums} call it: one of another array than the anomalies has that before its name. */
export function namedTileKey(gridId: string, name: string): string {
  return keys.grid(gridId, name.includes("/") ? name : `${ANOMALY}/${name}`);
}

/** A tile's values from its bytes, little-endian, without a copy where the bytes are aligned. */
export function tileValues(bytes: Uint8Array, type: FloatType = "float32"): FloatArray {
  const size = FLOAT_BYTES[type];
  // Not bytes.slice(): that of a Buffer is no copy.
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return type === "float64"
    ? new Float64Array(buffer, byteOffset, byteLength / size)
    : new Float32Array(buffer, byteOffset, byteLength / size);
}

/** A tile's bytes: little-endian, as every platform that Node runs on has them in memory. */
export function tileBytes(values: FloatArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * Writes all of a grid's Zarr v2 store but the tiles: groups, arrays and attributes with consolidated metadata, and
 * the coordinates. xarray's `open_zarr` reads it, and takes a tile that was not written as missing.
 *
 * @param climatologies - the years of those that it has
 *
 * Format: https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html
 */
export async function writeZarrFrame(
  store: ObjectStore,
  grid: GridDescription,
  climatologies: readonly Years[],
): Promise<void> {
  const { id, lat, lon, seconds, shape, variable, units, baseline, weekly, observations } = grid;
  const years = baseline.join("-");
  const metadata: Record<string, unknown> = {
    ".zgroup": { zarr_format: 2 },
    ".zattrs": {
      Conventions: "CF-1.8",
      title: `${weekly === undefined ? "Monthly" : "Weekly"} anomalies of ${variable}`,
      source: `${observations.key}, sha256 or etag ${observations.etag}`,
      baseline: years,
    },
    ...axisMetadata("lat", "<f8", lat.length, { units: "degrees_north", standard_name: "latitude" }),
    ...axisMetadata("lon", "<f8", lon.length, { units: "degrees_east", standard_name: "longitude" }),
    ...axisMetadata("time", "<i8", seconds.length, {
      units: "seconds since 1970-01-01 00:00:00",
      calendar: "proleptic_gregorian",
      standard_name: "time",
    }),
    ...arrayMetadata(ANOMALY, {
      shape: [...shape.cells, shape.months],
      chunks: [...shape.tile, shape.months],
      dtype: DTYPES[floatType(grid)],
      fill: "NaN",
      dimensions: ["lat", "lon", "time"],
      attributes: {
        long_name: anomalyName(grid),
        ...(units === undefined ? {} : { units }),
      },
    }),
    ...(climatologies.length === 0 ? {} : climatologyMetadata(grid, climatologies)),
  };
  const put = (path: string, body: string | Uint8Array) => store.put(keys.grid(id, path), body);
  for (const [path, value] of Object.entries(metadata)) await put(path, JSON.stringify(value));
  await put("lat/0", bytesOf(Float64Array.from(lat)));
  await put("lon/0", bytesOf(Float64Array.from(lon)));
  await put("time/0", bytesOf(BigInt64Array.from(seconds, BigInt)));
  if (climatologies.length > 0) await put("month/0", bytesOf(BigInt64Array.from(CALENDAR_MONTHS, BigInt)));
  await put(".zmetadata", JSON.stringify({ zarr_consolidated_format: 1, metadata }));
}

/** How Zarr v2 calls the types. */
const DTYPES = { float32: "<f4", float64: "<f8" } as const;

const CALENDAR_MONTHS = Array.from({ length: YEAR_MONTHS }, (_, i) => i + 1);

function anomalyName({ variable, baseline, normal, weekly, windowDays = 0 }: GridDescription): string {
  const years = baseline.join("-");
  if (weekly !== undefined && normal === undefined) {
    return `weekly ${weekly} of ${variable} less that of the ${2 * windowDays + 1} days around it in ${years}`;
  }
  if (normal === undefined) return `${variable} less its ${years} mean of the calendar month`;
  if (normal === "none") return `${variable}, anomalies relative to ${years}`;
  return `${variable} less ${normal.variable} of ${normal.key}, its ${years} mean of the calendar month`;
}

/** The climatologies of a grid, and their coordinate `month`, 1 to 12. */
function climatologyMetadata(grid: GridDescription, all: readonly Years[]) {
  const { variable, units } = grid;
  const shape = climatologyShape(grid);
  const arrays = all.map((years) =>
    arrayMetadata(climatologyArray(years), {
      shape: [...shape.cells, shape.months],
      chunks: [...shape.tile, shape.months],
      dtype: DTYPES[floatType(grid)],
      fill: "NaN",
      dimensions: ["lat", "lon", "month"],
      attributes: {
        long_name: `${years.join("-")} mean of ${variable} in the calendar month`,
        ...(units === undefined ? {} : { units }),
      },
    }),
  );
  const month = axisMetadata("month", "<i8", YEAR_MONTHS, { long_name: "calendar month" });
  return Object.assign({}, month, ...arrays) as Record<string, unknown>;
}

interface ZarrArray {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: "<f4" | "<f8" | "<i8";
  readonly fill: "NaN" | null;
  readonly dimensions: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** A coordinate variable, in one chunk. */
function axisMetadata(
  name: string,
  dtype: ZarrArray["dtype"],
  length: number,
  attributes: ZarrArray["attributes"],
): Record<string, unknown> {
  return arrayMetadata(name, { shape: [length], chunks: [length], dtype, fill: null, dimensions: [name], attributes });
}

function arrayMetadata(name: string, array: ZarrArray): Record<string, unknown> {
  const { shape, chunks, dtype, fill, dimensions, attributes } = array;
  return {
    [`${name}/.zarray`]: {
      zarr_format: 2,
      shape,
      chunks,
      dtype,
      fill_value: fill,
      order: "C",
      compressor: null,
      filters: null,
    },
    [`${name}/.zattrs`]: { _ARRAY_DIMENSIONS: dimensions, ...attributes },
  };
}

function bytesOf(values: Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer);
}
