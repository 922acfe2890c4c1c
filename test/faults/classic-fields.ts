import type { Random } from "../../lib/sample/random.ts";
import { below } from "./mutate.ts";
import { type Field, setOdd } from "./odd-numbers.ts";

/** Bytes of a value, by the number of its type. */
const VALUE_BYTES = [0, 1, 1, 2, 4, 4, 8, 1, 2, 4, 8, 8];

/** A classic file with one to three fields of its header changed: counts, sizes, ids, types, lengths and offsets. */
export function mutateClassicFields(original: Uint8Array, random: Random): Buffer {
  const file = Buffer.from(original);
  const fields = fieldsOf(file);
  for (let changes = 1 + below(3, random); changes > 0; changes--) {
    setOdd(file, fields[below(fields.length, random)]!, fields, random, true);
  }
  return file;
}

/** All numbers of a header that is as it should be, in their order. */
function fieldsOf(file: Buffer): Field[] {
  const fields: Field[] = [];
  const wide = file[3] === 5 ? 8 : 4;
  let at = 4;
  const number = (bytes: 4 | 8 = 4): number => {
    fields.push({ at, bytes });
    at += bytes;
    return file.readUInt32BE(at - 4);
  };
  const skip = (bytes: number) => {
    at += 4 * Math.ceil(bytes / 4);
  };
  const count = () => number(wide);
  const list = (entry: () => void) => {
    number();
    for (let left = count(); left > 0; left--) entry();
  };
  const name = () => skip(count());
  const attributes = () =>
    list(() => {
      name();
      skip(VALUE_BYTES[number()]! * count());
    });
  count();
  list(() => {
    name();
    count();
  });
  attributes();
  list(() => {
    name();
    for (let left = count(); left > 0; left--) count();
    attributes();
    number();
    count();
    number(file[3] === 1 ? 4 : 8);
  });
  return fields;
}
