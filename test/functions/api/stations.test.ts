import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isInputError, readStations } from "../../../functions/api/index.ts";
import { fixture, golden } from "../../support/golden.ts";

test("a table is read from a path and from bytes", async () => {
  const path = fixture("stations/china.xls");
  const expected = {
    ...golden<object>("stations/china.expected.json"),
    warnings: [expect.objectContaining({ kind: "idsFromNumbers" })],
  };
  expect(await readStations(path)).toEqual(expected);
  expect(await readStations(readFileSync(path))).toEqual(expected);
});

test("the encoding of a text may be named", async () => {
  const path = fixture("stations/europe-windows-1252.csv");
  const { stations, warnings, encoding } = await readStations(path, { encoding: "windows-1252" });
  expect(stations.at(-1)?.province).toBe("Österreich");
  expect({ warnings, encoding }).toEqual({ warnings: [], encoding: "windows-1252" });
});

test.each([
  ["no/such.xls", "FileNotFound", "no/such.xls: cannot be read"],
  [new TextEncoder().encode("a,b\n1,2\n"), "BadTable", "station table: "],
] as const)("%s is refused as %s", async (table, tag, message) => {
  const error = await readStations(table).catch((caught: unknown) => caught);
  expect(isInputError(error, tag)).toBe(true);
  expect(String(error)).toContain(message);
});
