import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openUntilEnd } from "../../support/classic.ts";
import { fixture } from "../../support/golden.ts";

type Digests = Readonly<Record<string, string>>;
const expected = JSON.parse(readFileSync(fixture("hdf5/matrix.json"), "utf8")) as Readonly<
  Record<"old" | "new", Digests>
>;

test.each(["old", "new"] as const)(
  "types, layouts, indexes and filters of the %s formats are read as by h5py",
  async (version) => {
    const dataset = await openUntilEnd(fixture(`hdf5/matrix-${version}.nc`), "matrix.nc");
    expect(Object.keys(expected[version]).length).toBeGreaterThan(40);
    const found = Object.keys(expected[version]).map((name) => {
      const values = dataset.readRaw(name);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      return [name, createHash("sha256").update(bytes).digest("hex")];
    });
    expect(Object.fromEntries(found)).toEqual(expected[version]);
  },
);
