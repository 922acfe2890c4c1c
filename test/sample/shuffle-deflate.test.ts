import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dataset, File, ready } from "h5wasm/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOM_FOR_TWO_FILTERS, shuffleAndDeflate } from "../../lib/sample/shuffle-deflate.ts";

const dir = mkdtempSync(join(tmpdir(), "s2s-"));
const VALUES = Int16Array.from({ length: 64 }, (_, i) => 1000 + i);

beforeAll(async () => {
  await ready;
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Makes an empty dataset in a file of its own, and finds its object header. */
function empty(name: string, libver: "earliest" | "v110", filters: object) {
  const path = join(dir, name);
  const file = new File(path, "w", { libver: [libver, "latest"] });
  const made = file.create_dataset({
    name: "v",
    data: new Int16Array(0),
    shape: [0],
    maxshape: [null],
    chunks: [64],
    ...filters,
  });
  const address = Number(Buffer.from(made.create_reference().ref_data).readBigUInt64LE(0));
  file.close();
  return { path, address };
}

test("HDF5 shuffles and deflates what is written afterwards, and reads it back", () => {
  const { path, address } = empty("both.h5", "earliest", ROOM_FOR_TWO_FILTERS);
  shuffleAndDeflate(path, address, 2, 9);

  const file = new File(path, "a", { libver: ["earliest", "latest"] });
  const v = file.get("v") as Dataset;
  v.resize([64]);
  v.write_slice([[0, 64]], VALUES);
  file.close();

  const again = new File(path, "r");
  const stored = again.get("v") as Dataset;
  expect(stored.filters).toEqual([
    { id: 2, name: "shuffle", cd_values: [2] },
    { id: 1, name: "deflate", cd_values: [9] },
  ]);
  expect(stored.value).toEqual(VALUES);
  again.close();
});

test.each([
  ["one filter only", "earliest", { compression: 1, compression_opts: [2] }, "message of 32 bytes, not 56"],
  ["no filter", "earliest", {}, "0 filter pipeline messages"],
  ["a header of version 2", "v110", ROOM_FOR_TWO_FILTERS, "is not of version 1"],
] as const)("leaves a file with %s as it is", (name, libver, filters, message) => {
  const { path, address } = empty(`${name}.h5`, libver, filters);
  const before = readFileSync(path);
  expect(() => shuffleAndDeflate(path, address, 2, 2)).toThrow(message);
  expect(readFileSync(path)).toEqual(before);
});
