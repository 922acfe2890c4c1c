import type { Random } from "../../lib/sample/random.ts";
import { below } from "./mutate.ts";

/** A field of a format: a whole number of so many bytes. */
export interface Field {
  readonly at: number;
  readonly bytes: 1 | 2 | 4 | 8;
}

const EXTREMES = [0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0xff_ffff, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff];

/**
 * Sets a field to a number that it must not be believed to have: an extreme one, one close to its own, that of another field,
 * or one about as large as the file.
 *
 * @param others - fields whose numbers it may get
 */
export function setOdd(file: Buffer, field: Field, others: readonly Field[], random: Random, bigEndian = false): void {
  const own = numberAt(file, field, bigEndian);
  const other = others[below(others.length, random)];
  const choices = [
    () => EXTREMES[below(EXTREMES.length, random)]!,
    () => own + below(17, random) - 8,
    () => own * 2 ** below(12, random),
    () => (other === undefined ? 0 : numberAt(file, other, bigEndian)),
    () => file.length - below(64, random),
    () => 2 ** (8 * field.bytes) - 1 - below(8, random),
  ];
  setNumber(file, field, choices[below(choices.length, random)]!(), bigEndian);
}

export function numberAt(file: Buffer, { at, bytes }: Field, bigEndian = false): number {
  const own = Buffer.from(file.subarray(at, at + bytes));
  if (!bigEndian) own.reverse();
  return Number(`0x${own.toString("hex") || "0"}`);
}

/** The number is cut to the bytes that the field has. */
export function setNumber(file: Buffer, { at, bytes }: Field, number: number, bigEndian = false): void {
  const whole = Buffer.alloc(8);
  whole.writeBigUInt64BE(BigInt.asUintN(64, BigInt(Math.trunc(number))));
  const own = whole.subarray(8 - bytes);
  (bigEndian ? own : own.reverse()).copy(file, at);
}
