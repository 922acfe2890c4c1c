import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import zlib from "node:zlib";
import { expect, test } from "vitest";
import { openUntilEnd } from "../../support/classic.ts";
import { fixture } from "../../support/golden.ts";
import { joined, picked } from "../../support/pieces.ts";

/** Digests of what h5py reads. Node has zstd since 22.15. */
const expected = Object.entries(
  JSON.parse(readFileSync(fixture("hdf5/filters.json"), "utf8")) as Record<string, string>,
);
const hasZstd = typeof zlib.zstdDecompressSync === "function";
const read = expected.filter(([name]) => hasZstd || !name.includes("zstd"));

test.each(read)("%s is read as by h5py", async (name, digest) => {
  const dataset = await openUntilEnd(fixture("hdf5/filters.nc"), "filters.nc");
  const values = dataset.readRaw(name);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(digest);
  const slab = [
    [3, 9],
    [40, 53],
  ] as const;
  const part = picked(values as Float32Array, [10, 60], slab as never);
  expect(Array.from(dataset.readRaw(name, slab) as Float32Array)).toEqual(part);
  expect(await joined(dataset, name, slab as never)).toEqual(part);
});
