import { readFileSync } from "node:fs";
import type { Random } from "../../lib/sample/random.ts";
import { fixture } from "../support/golden.ts";
import { below } from "./mutate.ts";
import { type Field, setOdd } from "./odd-numbers.ts";

/** Files of several messages. */
const FILES = ["seasonal.grib", "weekly.grib2", "archive.grib", "months.grib2"].map((name) => `grib/${name}`);

/** A message of any packing, grid or order; or a file of several. */
export function someGrib(random: Random): Buffer {
  if (random() < 0.3) return readFileSync(fixture(FILES[below(FILES.length, random)]!));
  const all = readFileSync(fixture("grib/packings.grib"));
  const messages = messagesOf(all);
  const [start, end] = messages[below(messages.length, random)]!;
  return all.subarray(start, end);
}

/** A file with one to three numbers of its headers changed. */
export function mutateGribFields(original: Uint8Array, random: Random): Buffer {
  const file = Buffer.from(original);
  const fields = messagesOf(file).flatMap(([start, end]) => headersOf(file, start, end));
  const numbers = fields.flatMap(([start, end]) =>
    Array.from({ length: end - start }, (_, i): Field => ({ at: start + i, bytes: 1 })),
  );
  for (let changes = 1 + below(3, random); changes > 0; changes--) {
    const { at } = numbers[below(numbers.length, random)]!;
    const field: Field = { at, bytes: ([1, 2, 4] as const)[below(3, random)]! };
    setOdd(file, field, numbers, random, true);
  }
  return file;
}

type Part = readonly [start: number, end: number];

function messagesOf(file: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = file.indexOf("GRIB"); at !== -1; at = file.indexOf("GRIB", parts.at(-1)![1])) {
    const length = file[at + 7] === 1 ? file.readUIntBE(at + 4, 3) : file.readUInt32BE(at + 12);
    parts.push([at, at + length]);
  }
  return parts;
}

/** Bytes of a section of values that say how they are stored, or are some of them. */
const STARTS = 24;

/** The sections of a message that is as it should be, of those of bitmaps and values the beginning. */
function headersOf(file: Buffer, start: number, end: number): Part[] {
  const first = file[start + 7] === 1;
  const parts: Part[] = [[start, start + (first ? 8 : 16)]];
  for (let at = parts[0]![1]; at < end - 4; ) {
    const length = first ? file.readUIntBE(at, 3) : file.readUInt32BE(at);
    const short = first ? parts.length > 2 : file[at + 4]! > 5;
    parts.push([at, at + (short ? Math.min(length, STARTS) : length)]);
    at += length;
  }
  return parts;
}
