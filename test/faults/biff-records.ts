import { CFB } from "@e965/xlsx";
import type { Random } from "../../lib/sample/random.ts";
import { oleFile } from "../support/workbooks.ts";
import { below } from "./mutate.ts";
import { setOdd } from "./odd-numbers.ts";

/** Of cells, texts, parts and sheets, and some that the reader passes over. */
const TYPES = [
  6, 0x0a, 0x2f, 0x3c, 0x85, 0xbd, 0xd6, 0xfc, 0xfd, 0x203, 0x204, 0x205, 0x207, 0x27e, 0x809, 0xe5, 0x208,
];

type Records = Buffer[];
type Change = (records: Records, at: number, random: Random) => void;

/**
 * An old workbook with one to three of its records changed: type, length with or without its bytes, numbers of its data, or
 * records put in, left out, moved or repeated. The file around them is as it should be.
 */
export function mutateRecords(original: Uint8Array, random: Random): Buffer {
  const stream = Buffer.from(
    CFB.find(CFB.read(Buffer.from(original), { type: "buffer" }), "/Workbook").content as Uint8Array,
  );
  const records = recordsOf(stream);
  for (let changes = 1 + below(3, random); changes > 0 && records.length > 0; changes--) {
    CHANGES[below(CHANGES.length, random)]!(records, below(records.length, random), random);
  }
  return oleFile({ Workbook: Buffer.concat(records) });
}

function recordsOf(stream: Buffer): Records {
  const records: Records = [];
  for (let at = 0; at + 4 <= stream.length; at = at + records.at(-1)!.length) {
    records.push(Buffer.from(stream.subarray(at, at + 4 + stream.readUInt16LE(at + 2))));
  }
  return records;
}

const changeNumber: Change = (records, at, random) => {
  const record = records[at]!;
  const bytes = ([1, 2, 4, 8] as const)[below(4, random)]!;
  if (record.length < 4 + bytes) return;
  setOdd(record, { at: 4 + below(record.length - 3 - bytes, random), bytes }, [{ at: 0, bytes: 2 }], random);
};

const CHANGES: readonly Change[] = [
  (records, at, random) => void records[at]!.writeUInt16LE(TYPES[below(TYPES.length, random)]!, 0),
  (records, at, random) => setOdd(records[at]!, { at: 2, bytes: 2 }, [], random),
  // Its data end earlier or later, and its length says so.
  (records, at, random) => {
    const record = Buffer.alloc(4 + below(2 * records[at]!.length, random));
    records[at]!.copy(record);
    record.writeUInt16LE(record.length - 4, 2);
    records[at] = record;
  },
  changeNumber,
  changeNumber,
  changeNumber,
  (records, at) => void records.splice(at, 1),
  (records, at, random) => void records.splice(below(records.length, random), 0, Buffer.from(records[at]!)),
  (records, at, random) => void records.push(...records.splice(at, 1 + below(20, random))),
  (records, at, random) => {
    const again = Array.from({ length: below(2000, random) }, () => Buffer.from(records[at]!));
    records.splice(at, 0, ...again);
  },
];
