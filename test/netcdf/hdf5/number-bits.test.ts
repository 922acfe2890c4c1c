import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openUntilEnd } from "../../support/classic.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";

const PATH = fixture("hdf5/bits.nc");

/** What h5py reads; null for what it reads and we do not. */
const expected = JSON.parse(readFileSync(fixture("hdf5/bits.json"), "utf8")) as Readonly<Record<string, string | null>>;
const [read, refused] = [true, false].map((whole) =>
  Object.entries(expected).filter(([, values]) => (values !== null) === whole),
) as [[string, string][], [string, null][]];

test("integers that use a part of their bytes are read as by h5py", async () => {
  const dataset = await openUntilEnd(PATH, "bits.nc");
  expect(read.length).toBeGreaterThan(150);
  const found = read.map(([name]) => [name, dataset.readRaw(name).join(" ")]);
  expect(found).toEqual(read);
});

test("also behind a user block, and in part", async () => {
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, Buffer.concat([Buffer.alloc(2048), readFileSync(PATH)]));
  const dataset = await openUntilEnd(path, "a.nc");
  const slab = [
    [0, 1],
    [0, 2],
  ] as const;
  expect(dataset.readRaw("int16_11_0_be_nbit", slab).join(" ")).toBe("-1024 1023");
});

test("and so are attributes", async () => {
  const dataset = await openUntilEnd(PATH, "bits.nc");
  expect(dataset.variables.get("whole_nbit")?.attributes["few_bits"]).toEqual({ type: "int16", value: [-40, 7] });
});

test("floating-point numbers of fewer bits are refused", async () => {
  const dataset = await openUntilEnd(PATH, "bits.nc");
  expect(refused).not.toEqual([]);
  for (const [name] of refused) {
    expect(() => dataset.readRaw(name)).toThrow(
      expect.objectContaining({
        tag: "UnsupportedFormat",
        message: expect.stringContaining(`"${name}" has numbers of a kind that is not read here`),
      }),
    );
  }
});
