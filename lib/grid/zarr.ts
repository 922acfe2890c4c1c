import type { ObjectStore } from "../store/store.ts";
import type { GridDescription } from "./description.ts";
import { tileName } from "./tiles.ts";

/** The array that holds the anomalies, beside the coordinates `lat`, `lon` and `time`. */
const ANOMALY = "anomaly";

/** The key of a tile of a grid. */
export function tileKey(grid: string, row: number, column: number): string {
  return `${grid}/${ANOMALY}/${tileName(row, column)}`;
}

/** A tile's values from its bytes, little-endian float32, without a copy where the bytes are aligned. */
export function tileValues(bytes: Uint8Array): Float32Array {
  // Not bytes.slice(): that of a Buffer is no copy.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** A tile's bytes: little-endian float32, as every platform that Node runs on has it in memory. */
export function tileBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * Writes all of a grid's Zarr v2 store but the tiles: groups, arrays and attributes with consolidated metadata, and
 * the coordinates. xarray's `open_zarr` reads it, and takes a tile that was not written as missing.
 *
 * Format: https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html
 */
export async function writeZarrFrame(store: ObjectStore, grid: string, about: GridDescription): Promise<void> {
  const { lat, lon, seconds, shape } = about;
  const metadata: Record<string, unknown> = {
    ".zgroup": { zarr_format: 2 },
    ".zattrs": {
      Conventions: "CF-1.8",
      title: `Monthly anomalies of ${about.variable}`,
      source: `${about.observations.key}, sha256 or etag ${about.observations.etag}`,
      baseline: `${about.baseline[0]}-${about.baseline[1]}`,
    },
    ...arrayMetadata("lat", [lat.length], [lat.length], "<f8", null, ["lat"], {
      units: "degrees_north",
      standard_name: "latitude",
    }),
    ...arrayMetadata("lon", [lon.length], [lon.length], "<f8", null, ["lon"], {
      units: "degrees_east",
      standard_name: "longitude",
    }),
    ...arrayMetadata("time", [seconds.length], [seconds.length], "<i8", null, ["time"], {
      units: "seconds since 1970-01-01 00:00:00",
      calendar: "proleptic_gregorian",
      standard_name: "time",
    }),
    ...arrayMetadata(
      ANOMALY,
      [...shape.cells, shape.months],
      [...shape.tile, shape.months],
      "<f4",
      "NaN",
      ["lat", "lon", "time"],
      {
        long_name: `${about.variable} less its ${about.baseline[0]}-${about.baseline[1]} mean of the calendar month`,
        ...(about.units === undefined ? {} : { units: about.units }),
      },
    ),
  };
  for (const [key, value] of Object.entries(metadata)) await store.put(`${grid}/${key}`, JSON.stringify(value));
  await store.put(`${grid}/lat/0`, bytesOf(Float64Array.from(lat)));
  await store.put(`${grid}/lon/0`, bytesOf(Float64Array.from(lon)));
  await store.put(`${grid}/time/0`, bytesOf(BigInt64Array.from(seconds, BigInt)));
  await store.put(`${grid}/.zmetadata`, JSON.stringify({ zarr_consolidated_format: 1, metadata }));
}

function arrayMetadata(
  name: string,
  shape: readonly number[],
  chunks: readonly number[],
  dtype: string,
  fill: "NaN" | null,
  dimensions: readonly string[],
  attributes: Record<string, string>,
): Record<string, unknown> {
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
