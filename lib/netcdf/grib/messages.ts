import { brokenFile, InputError } from "../../errors.ts";
import type { RandomAccess } from "../random-access.ts";
import { GribDamaged, GribUnsupported } from "./damaged.ts";
import { fieldOfEdition1 } from "./edition1.ts";
import { fieldsOfEdition2 } from "./edition2.ts";
import type { Field } from "./field.ts";
import type { Grid } from "./grid.ts";
import { HeaderBytes, MessageReader, type Place } from "./message-reader.ts";

/** What the headers of a file say. */
export interface Index {
  readonly fields: readonly Field[];
  /** Of what is not read: how often each reason was met. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Fields of a file: a hundred years of daily ones are fewer. */
const MOST_FIELDS = 2 ** 17;

/**
 * Reads the headers of all messages, and none of their values.
 *
 * @throws InputError `BrokenFile`, `TooLarge`; `UnsupportedFormat` where no field is of a kind that is read
 */
export function readIndex(access: RandomAccess, file: string): Index {
  const bytes = new HeaderBytes(access);
  const grids = new Map<string, Grid>();
  const fields: Field[] = [];
  const refused = new Map<string, number>();
  let first: InputError | undefined;
  for (let place = nextPlace(access, bytes, { at: 0, number: 1 }, file); place !== undefined; ) {
    const message = new MessageReader(place, bytes, grids);
    for (const found of told(file, place.number, () => fieldsOf(message))) {
      if (found instanceof GribUnsupported) {
        refused.set(found.message, (refused.get(found.message) ?? 0) + 1);
        first ??= unsupported(file, place.number, found);
      } else fields.push(found);
    }
    if (fields.length > MOST_FIELDS) {
      throw new InputError("TooLarge", `has more than ${MOST_FIELDS} fields`, {
        file,
        hint: "Split it: grib_copy in.grib out.[shortName].grib",
      });
    }
    place = nextPlace(access, bytes, { at: place.offset + place.length, number: place.number + 1 }, file);
  }
  if (fields.length === 0) throw first ?? brokenFile("has no whole message", { file });
  return { fields, refused };
}

/** Does what belongs to a message. @throws InputError `BrokenFile`, `UnsupportedFormat` for what is thrown of it */
export function told<T>(file: string, message: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof GribUnsupported) throw unsupported(file, message, error);
    if (!(error instanceof GribDamaged)) throw error;
    throw brokenFile(`message ${message} is damaged: ${error.message}`, { file, cause: error });
  }
}

function unsupported(file: string, message: number, { message: what, hint }: GribUnsupported): InputError {
  return new InputError("UnsupportedFormat", `message ${message} ${what}`, { file, hint });
}

function fieldsOf(message: MessageReader): (Field | GribUnsupported)[] {
  const edition = message.section(0, SHORTEST).uint8(7);
  if (edition === 2) return [...fieldsOfEdition2(message)];
  try {
    return [fieldOfEdition1(message)];
  } catch (error) {
    if (error instanceof GribUnsupported) return [error];
    throw error;
  }
}

const START = Buffer.from("GRIB");
const END = Buffer.from("7777");

/** Bytes of the beginning that tell how long a message is. */
const SHORTEST = 16;

/** Bytes that are searched at once for the beginning of the next message. */
const SEARCHED = 2 ** 16;

/** The message at a place of the file, or behind it: other bytes may stand between messages. Undefined where there is none. */
function nextPlace(
  access: RandomAccess,
  bytes: HeaderBytes,
  { at, number }: { readonly at: number; readonly number: number },
  file: string,
): Place | undefined {
  const offset = search(access, bytes, at);
  if (offset === undefined) return undefined;
  const start = Buffer.from(bytes.read(offset, SHORTEST));
  const edition = start[7];
  if (edition !== 1 && edition !== 2) {
    throw new InputError("UnsupportedFormat", `message ${number} is of GRIB's edition ${edition ?? "unknown"}`, {
      file,
      hint: "Editions 1 and 2 are read. Convert it: grib_set -s edition=2 in.grib out.grib",
    });
  }
  const place = { number, offset, ...lengthOf(bytes, offset, start, edition) };
  if (start.length < SHORTEST || offset + place.length > access.size) {
    throw brokenFile(`truncated: message ${number} needs ${offset + place.length} bytes, the file has ${access.size}`, {
      file,
    });
  }
  if (place.length < SHORTEST) throw brokenFile(`message ${number} is damaged: it has ${place.length} bytes`, { file });
  if (END.equals(bytes.read(offset + place.length - END.length, END.length))) return place;
  throw brokenFile(`message ${number} is damaged: it does not end with 7777`, { file });
}

function search(access: RandomAccess, bytes: HeaderBytes, from: number): number | undefined {
  if (START.equals(bytes.read(from, START.length))) return from;
  const window = Buffer.alloc(Math.min(SEARCHED, access.size - from));
  for (let at = from; at + START.length <= access.size; at += SEARCHED - START.length) {
    const part = window.subarray(0, Math.min(window.length, access.size - at));
    access.read(at, part);
    const found = part.indexOf(START);
    if (found !== -1) return at + found;
  }
  return undefined;
}

const LONG_FLAG = 0x80_00_00;
const LONG_UNIT = 120;

/** A message of edition 1 that is longer than its 24 bits can tell counts units of 120 bytes, and takes off what its data section tells. */
function lengthOf(
  bytes: HeaderBytes,
  offset: number,
  start: Buffer,
  edition: 1 | 2,
): { length: number; long: boolean } {
  if (edition === 2)
    return { length: start.length < SHORTEST ? Infinity : Number(start.readBigUInt64BE(8)), long: false };
  const told24 = start.readUIntBE(4, 3);
  if (told24 < LONG_FLAG) return { length: told24, long: false };
  const uint24 = (at: number) => {
    const read = Buffer.from(bytes.read(at, 3));
    return read.length === 3 ? read.readUIntBE(0, 3) : 0;
  };
  const product = offset + 8;
  const flags = bytes.read(product + 7, 1)[0] ?? 0;
  let at = product + uint24(product);
  if ((flags & 0x80) !== 0) at += uint24(at);
  if ((flags & 0x40) !== 0) at += uint24(at);
  const data = uint24(at);
  if (data >= LONG_UNIT) return { length: told24, long: false };
  return { length: (told24 - LONG_FLAG) * LONG_UNIT - data + 4, long: true };
}
