import { gzipSync } from "node:zlib";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { ITEM_BYTES, isNumeric } from "../../lib/netcdf/numeric-types.ts";
import { product } from "../../lib/netcdf/slab.ts";

const KINDS = { i: "int", u: "uint", f: "float" } as const;

/** The numbers of a dataset as a store of Zarr 2, without consolidated metadata: its files by their keys. */
export function zarrOf(dataset: Dataset, chunkLength = 16): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = { ".zgroup": json({ zarr_format: 2 }) };
  for (const { name, type, shape, dimensions, attributes } of dataset.variables.values()) {
    if (!isNumeric(type)) continue;
    const { _FillValue: fill, ...others } = attributes;
    const kind = Object.entries(KINDS).find(([, word]) => type.startsWith(word))![0];
    const chunks = shape.map((size, d) => (d === 0 ? Math.min(size, chunkLength) : size));
    files[`${name}/.zarray`] = json({
      zarr_format: 2,
      shape,
      chunks,
      dtype: `<${kind}${ITEM_BYTES[type]}`,
      compressor: { id: "gzip", level: 1 },
      filters: null,
      fill_value: fill?.value[0] ?? null,
      order: "C",
    });
    const plain = Object.entries(others).map(([key, { value }]) => [
      key,
      typeof value === "string" || value.length > 1 ? value : value[0],
    ]);
    files[`${name}/.zattrs`] = json({ _ARRAY_DIMENSIONS: dimensions, ...Object.fromEntries(plain) });
    for (let n = 0; n < Math.ceil((shape[0] ?? 1) / (chunks[0] ?? 1)); n++) {
      const whole = new Uint8Array(ITEM_BYTES[type] * product(chunks));
      const slab = shape.map((size, d) =>
        d === 0 ? ([n * chunks[0]!, Math.min(size, (n + 1) * chunks[0]!)] as const) : ([0, size] as const),
      );
      const values = dataset.readRaw(name, slab);
      whole.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      files[`${name}/${shape.length === 0 ? "0" : [n, ...shape.slice(1).map(() => 0)].join(".")}`] = gzipSync(whole);
    }
  }
  return files;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
