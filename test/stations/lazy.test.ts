import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { fixture } from "../support/golden.ts";

const bytesOf = (name: string) => readFileSync(fixture(`stations/${name}`));
const loaded = vi.hoisted(() => [] as string[]);

vi.mock("@e965/xlsx", (original) => {
  loaded.push("xlsx");
  return original();
});
vi.mock("csv-parse/sync", (original) => {
  loaded.push("csv-parse");
  return original();
});

it("a reader is loaded for the first file that needs it, as each costs a cold start tens of milliseconds", async () => {
  expect(loaded).toEqual([]);
  await readStationTable(bytesOf("china-gb18030.csv"), "china.csv");
  expect(loaded).toEqual(["csv-parse"]);
  await readStationTable(bytesOf("china.xls"), "china.xls");
  expect(loaded).toEqual(["csv-parse"]);
  await readStationTable(bytesOf("titled.xlsx"), "titled.xlsx");
  expect(loaded).toEqual(["csv-parse", "xlsx"]);
});
