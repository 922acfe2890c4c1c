import type { KeptSeries } from "./chunk-records.ts";

/** @param series - of one length, by the name of their cell; the order of its entries does not matter */
export function keepSeries(series: ReadonlyMap<string, Float32Array>): KeptSeries {
  const cells = [...series.keys()].sort();
  const parts = cells.map((cell) => {
    const { buffer, byteOffset, byteLength } = series.get(cell)!;
    return Buffer.from(buffer, byteOffset, byteLength);
  });
  return { cells, values: Buffer.concat(parts).toString("base64") };
}

/** The series by the name of their cell. */
export function keptSeries({ cells, values }: KeptSeries): Map<string, Float32Array> {
  // Not Buffer.from(): the floats need an address that they can have.
  const all = new Float32Array(new Uint8Array(Buffer.from(values, "base64")).buffer);
  const months = all.length / cells.length;
  return new Map(cells.map((cell, i) => [cell, all.subarray(i * months, (i + 1) * months)]));
}
