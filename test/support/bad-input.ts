import { readFileSync } from "node:fs";
import { type ClassicAttributes, type ClassicVariable, writeClassic } from "../../lib/sample/classic-writer.ts";
import { counting } from "./classic.ts";
import { fixture } from "./golden.ts";

/** What a maker may change of a field: monthly values on a grid of 4 latitudes and 5 longitudes. */
export interface Changes {
  readonly time?: readonly number[];
  readonly lat?: readonly number[];
  readonly lon?: readonly number[];
  readonly timeAttributes?: ClassicAttributes;
  readonly latAttributes?: ClassicAttributes;
  /** Names of the dimensions, slowest first. */
  readonly order?: readonly string[];
  /** One more dimension, of this length, in front of the others. */
  readonly members?: number;
  /** Of the whole field; 0, 1, 2 … by default. */
  readonly values?: ClassicVariable["values"];
  readonly attributes?: ClassicAttributes;
  readonly variable?: string;
  /** Variables that are left out. */
  readonly without?: readonly string[];
}

/** The archive of the catalogue's run in the classic format: 2000-01 to 2001-12. */
export function observations(changes: Changes = {}): Buffer {
  return field({ variable: "precip", time: counting(0, 24), ...changes });
}

/** Its forecast: for 2002-02. */
export function forecast(changes: Changes = {}): Buffer {
  return field({ variable: "anom", time: [25], ...changes });
}

/** The archive in NetCDF-4, or another file that test/fixtures/make-bad-input.py makes. */
export function hdf5(name = "archive.nc"): Buffer {
  return readFileSync(fixture(`bad-input/${name}`));
}

function field({ variable = "precip", time = [], members, without = [], ...changes }: Changes): Buffer {
  const { lat = [20, 30, 40, 50], lon = [90, 100, 110, 120, 130] } = changes;
  const sizes = new Map([
    ["member", members ?? 0],
    ["time", time.length],
    ["lat", lat.length],
    ["lon", lon.length],
  ]);
  const order = [...(members === undefined ? [] : ["member"]), ...(changes.order ?? ["time", "lat", "lon"])];
  const size = order.reduce((product, name) => product * sizes.get(name)!, 1);
  const months = { units: "months since 2000-01-01" };
  const coordinates: ClassicVariable[] = [
    {
      name: "time",
      dimensions: ["time"],
      attributes: changes.timeAttributes ?? months,
      values: Float64Array.from(time),
    },
    {
      name: "lat",
      dimensions: ["lat"],
      attributes: changes.latAttributes ?? { units: "degrees_north" },
      values: Float64Array.from(lat),
    },
    { name: "lon", dimensions: ["lon"], attributes: { units: "degrees_east" }, values: Float64Array.from(lon) },
  ];
  const values = changes.values ?? Float32Array.from(counting(0, size));
  const { attributes = { units: "mm/day" } } = changes;
  const all = [...coordinates, { name: variable, dimensions: order, attributes, values }];
  return Buffer.from(
    writeClassic({
      // A dimension of no length would be the unlimited one.
      dimensions: order.map((name) => ({ name, size: sizes.get(name)!, unlimited: sizes.get(name) === 0 })),
      variables: all.filter(({ name }) => !without.includes(name)),
    }),
  );
}

/** A CSV table with these rows below the usual header. */
export function table(...rows: string[]): string {
  return ["id,name,lat,lon", ...rows, ""].join("\n");
}

/** The bytes with one number replaced: where `text` begins, plus `offset`. */
export function patched(bytes: Buffer, text: string, offset: number, patch: Uint8Array): Buffer {
  const at = bytes.indexOf(text);
  if (at === -1) throw new Error(`there is no ${text} to be patched`);
  bytes.set(patch, at + offset);
  return bytes;
}
