import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { writeClassic } from "../../lib/sample/classic-writer.ts";
import { counting } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { forked } from "../support/fork.ts";
import { fixture } from "../support/golden.ts";
import { HEADER, number, rows, STATION, workbook } from "../support/sheet-xml.ts";
import { oleFile } from "../support/workbooks.ts";
import type { FuzzAnswer, FuzzTask } from "./fuzz-process.ts";

/** What a process that does nothing else takes to read the file. */
async function taken(name: string, content: Uint8Array): Promise<FuzzAnswer> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const child = forked(new URL("fuzz-process.ts", import.meta.url), { quiet: true });
  onTestFinished(() => child.kill());
  return child.ask<FuzzAnswer>({ path } satisfies FuzzTask);
}

/** A classic file of as many attributes as one may have, or of one as long as its header may be. */
function attributes(count: number, letters: number): Uint8Array {
  const names = counting(0, count).map((n) => [`a${n}`, "x".repeat(letters)] as const);
  return writeClassic({ dimensions: [], variables: [], attributes: Object.fromEntries(names) });
}

/** An old workbook with a number in this column of each of so many rows. */
function xls(count: number, column: number): Buffer {
  const record = (type: number, ...data: readonly number[]) =>
    Buffer.from([type & 0xff, type >> 8, data.length, 0, ...data]);
  const start = (part: number) => record(0x809, 0, 6, part, ...Array<number>(13).fill(0));
  const cells = counting(0, count).map((row) => record(0x27e, row & 0xff, row >> 8, column, 0, 0, 0, 2, 0, 0, 0));
  const sheet = record(0x85, 44, 0, 0, 0, 0, 0, 1, 0, 0x61);
  const end = record(0x0a);
  const globals = Buffer.concat([start(5), sheet, end]);
  globals.writeUInt32LE(globals.length, start(5).length + 4);
  return oleFile({ Workbook: Buffer.concat([globals, start(0x10), ...cells, end]) });
}

const text = (count: number, delimiters: number) =>
  Buffer.from(`id,lat,lon\n${`1${",".repeat(delimiters)}\n`.repeat(count)}`);

const sized = (name: string) => readFileSync(fixture(`sizes/${name}.nc`));

const link = (range: string) => `<hyperlinks><hyperlink ref="${range}" location="a"/></hyperlinks>`;

/** Made to take as much as the limits let it; what is a little larger is refused. */
const LARGEST: readonly [what: string, name: string, make: () => Uint8Array, outcome: string, mostMiB: number][] = [
  ["classic: attributes", "a.nc", () => attributes(65_000, 4), "read", 150],
  ["classic: an attribute", "a.nc", () => attributes(1, 2 ** 24 - 4096), "read", 150],
  ["NetCDF-4: texts", "a.nc", () => sized("one-text-for-memory"), "TooLarge", 450],
  ["NetCDF-4: a chunk", "a.nc", () => sized("chunk-of-the-library"), "read", 150],
  [".xls: places", "a.xls", () => xls(16_000, 255), "BadTable", 260],
  [".xlsx: places", "a.xlsx", () => workbook(rows(32_000, (row) => number(`IV${row}`, 1))), "read", 450],
  [".xlsx: cells", "a.xlsx", () => workbook(rows(80_000, (row) => number(`D${row}`, 1).repeat(6))), "read", 400],
  [".xlsx: links", "a.xlsx", () => workbook(HEADER + STATION, "", link("A3:J50000")), "read", 300],
  [".xlsx: a part", "a.xlsx", () => workbook(HEADER + STATION, "", " ".repeat(2 ** 25 - 8192)), "read", 250],
  ["text: delimiters", "a.csv", () => text(240_000, 17), "BadTable", 500],
];

describe.runIf(process.platform === "linux")("the memory for a file is bounded, whatever is in it", () => {
  test.each(LARGEST)("%s", async (_, name, make, outcome, mostMiB) => {
    const answer = await taken(name, make());
    expect(answer).toMatchObject({ outcome });
    expect(answer.grownMiB).toBeLessThan(mostMiB);
  });
});
