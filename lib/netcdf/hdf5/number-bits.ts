import type { RandomAccess } from "../random-access.ts";
import { attributeTypes } from "./format/attributes.ts";
import { type NumberBits, reducedBits } from "./format/data-type.ts";
import { Cursor, insist, LeftToLibrary, leave, Metadata } from "./format/metadata.ts";
import { type HeaderMessage, headerMessages, MESSAGE } from "./format/object-header.ts";

/** Where a type stands that a message refers to: in a header of its own. Others are in a heap of shared messages. */
const IN_HEADER = 2;

/**
 * Of a dataset's integers that use a part of their bytes only, which part. The HDF5 library gives them as they are
 * stored, and does not tell.
 *
 * @param address - of the dataset's object header
 * @throws LeftToLibrary where that cannot be told, or floating-point numbers are stored in such a way
 */
export function bitsOf(access: RandomAccess, address: number): NumberBits | undefined {
  const file = new Metadata(access);
  const found = typeMessage(file, address);
  if (!found.shared) return reducedBits(found.body);
  const cursor = new Cursor(found.body);
  const [version, kind] = [cursor.uint(1), cursor.uint(1)];
  insist(version <= 2 || kind === IN_HEADER, "a type in a heap of shared messages");
  if (version === 1) cursor.skip(6);
  const named = typeMessage(file, cursor.definedAddress());
  return named.shared ? leave("a type that refers to another") : reducedBits(named.body);
}

/**
 * As {@link bitsOf}, of the attributes of an object, by their names: null for numbers that are not read here. None is
 * listed of a header that is odd in another way.
 */
export function attributeBits(access: RandomAccess, address: number): ReadonlyMap<string, NumberBits | null> {
  const file = new Metadata(access);
  const types = orElse(
    () => attributeTypes(file, headerMessages(file, address)),
    new Map<string, DataView<ArrayBuffer>>(),
  );
  const bits = [...types].map(([name, type]) => [name, orElse(() => reducedBits(type), null)] as const);
  return new Map(bits.flatMap(([name, found]) => (found === undefined ? [] : [[name, found] as const])));
}

function orElse<T, U>(work: () => T, otherwise: U): T | U {
  try {
    return work();
  } catch (error) {
    if (error instanceof LeftToLibrary) return otherwise;
    throw error;
  }
}

function typeMessage(file: Metadata, address: number): HeaderMessage {
  const found = headerMessages(file, address).messages.find(({ type }) => type === MESSAGE.datatype);
  return found ?? leave("a dataset without a type");
}

/**
 * Makes whole numbers of those that use a part of their bytes only, in place.
 *
 * @param bytes - of the numbers, little-endian
 */
export function extendBits(bytes: Uint8Array, itemBytes: number, { signed, offset, precision }: NumberBits): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += itemBytes) {
    const number = numberAt(view, at, itemBytes) >> BigInt(offset);
    const whole = BigInt.asUintN(
      8 * itemBytes,
      signed ? BigInt.asIntN(precision, number) : BigInt.asUintN(precision, number),
    );
    for (let n = 0; n < itemBytes; n++) view.setUint8(at + n, Number((whole >> BigInt(8 * n)) & 0xffn));
  }
}

function numberAt(view: DataView, at: number, itemBytes: number): bigint {
  let number = 0n;
  for (let n = itemBytes - 1; n >= 0; n--) number = (number << 8n) | BigInt(view.getUint8(at + n));
  return number;
}
