import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { isInputError } from "../../../lib/errors.ts";
import type { Dataset, Slab } from "../../../lib/netcdf/dataset.ts";
import { LeftToLibrary } from "../../../lib/netcdf/hdf5/format/metadata.ts";
import { openPlain } from "../../../lib/netcdf/hdf5/open.ts";
import { openByLibrary } from "../../../lib/netcdf/hdf5/read.ts";
import { isNumeric } from "../../../lib/netcdf/numeric-types.ts";
import { openFile } from "../../../lib/netcdf/random-access.ts";
import { mulberry32 } from "../../../lib/sample/random.ts";
import { mutate } from "../../faults/mutate.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";

/** What is left to the library, and why: all that leads elsewhere, and what netCDF-C does not write. */
const LEFT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["lat", "lon", "precip", "time"].flatMap((where) => [
      [`hostile/external-link.${where}.nc`, "a link of another kind, 64"],
      [`hostile/soft-link.${where}.nc`, "a soft link"],
      [`hostile/stored-in-environment.${where}.nc`, "external storage"],
      [`hostile/stored-in-file.${where}.nc`, "external storage"],
      [`hostile/user-defined-link.${where}.nc`, "a link of another kind, 187"],
      [`hostile/virtual.${where}.nc`, "a layout of class 3"],
    ]),
  ),
  "netcdf/plain-hdf5.nc": "a user block",
  "netcdf/unreadable.nc": "a dataset without values",
  "bad-input/huge-axis.nc": "too many chunks, or too large ones",
  "bad-input/huge-chunk.nc": "too many chunks, or too large ones",
  "bad-input/unknown-filter.nc": "filter 32000",
};

const FILES = ["netcdf", "hostile", "grid", "run", "bad-input"].flatMap((folder) =>
  readdirSync(fixture(folder))
    .filter((name) => /\.(nc|h5)$/.test(name))
    .map((name) => `${folder}/${name}`),
);

function isHdf5(name: string): boolean {
  const access = openFile(fixture(name), name);
  const start = new Uint8Array(8);
  access.read(0, start);
  access.close();
  return start[1] === 0x48 || name === "netcdf/plain-hdf5.nc";
}

/** A slab anywhere in a shape. */
function anySlab(shape: readonly number[], random: () => number): Slab {
  return shape.map((size) => {
    const start = Math.floor(random() * (size + 1));
    return [start, start + Math.floor(random() * (size - start + 1))] as const;
  });
}

/** All that a dataset says, and the values of whole variables and of some slabs. */
function contentsOf(dataset: Dataset): unknown {
  const random = mulberry32(7);
  const values = [...dataset.variables.values()].flatMap(({ name, type, shape }) =>
    isNumeric(type)
      ? [
          [name, dataset.readRaw(name)],
          ...Array.from({ length: 20 }, () => {
            const slab = anySlab(shape, random);
            return [name, slab, dataset.readRaw(name, slab)];
          }),
        ]
      : [],
  );
  // Lists, as their order counts.
  return [[...dataset.dimensions], [...dataset.variables], Object.entries(dataset.attributes), values];
}

/** What the file holds as it is read here, or why it is left to the library. */
function plainContents(name: string): unknown {
  const access = openFile(fixture(name), name);
  const plain = openPlain(access, name);
  const contents = plain instanceof LeftToLibrary ? plain.message : contentsOf(plain);
  access.close();
  return contents;
}

test("what is left to the library is all there", () => {
  expect(FILES).toEqual(expect.arrayContaining(Object.keys(LEFT)));
});

test.each(Object.entries(LEFT))("%s is left to the library: %s", (name, why) => {
  expect(plainContents(name)).toBe(why);
});

test.each(FILES.filter((name) => isHdf5(name) && LEFT[name] === undefined))(
  "%s is read as by the library",
  async (name) => {
    const library = await openByLibrary(fixture(name), name);
    expect(plainContents(name)).toEqual(contentsOf(library));
    library.close();
  },
);

/** What netCDF-C wrote, whose headers have checksums. */
const WRITTEN = ["types", "storage", "packed-netcdf-4", "dimensions", "wide-coordinate"];

function contentsOrRefusal(dataset: Dataset): unknown {
  try {
    return contentsOf(dataset);
  } catch (error) {
    if (isInputError(error)) return error.tag;
    throw error;
  }
}

test("damaged files are read as by the library, or left to it", async () => {
  const path = join(temporaryFolder(), "damaged.nc");
  const outcomes = { read: 0, left: 0 };
  const different: number[] = [];
  for (let seed = 1; seed <= 300; seed++) {
    const random = mulberry32(seed);
    writeFileSync(path, mutate(readFileSync(fixture(`netcdf/${WRITTEN[seed % WRITTEN.length]}.nc`)), random));
    const access = openFile(path, "a.nc");
    const plain = openPlain(access, "a.nc");
    if (plain instanceof LeftToLibrary) {
      outcomes.left++;
    } else {
      outcomes.read++;
      const library = await openByLibrary(path, "a.nc");
      if (!isDeepStrictEqual(contentsOrRefusal(plain), contentsOrRefusal(library))) different.push(seed);
      library.close();
    }
    access.close();
  }
  expect(different).toEqual([]);
  // Damage that is always seen, or never, would prove nothing.
  expect(Math.min(outcomes.read, outcomes.left)).toBeGreaterThan(10);
});
