import type { NumericType } from "../../dataset.ts";
import { Cursor, insist, leave } from "./metadata.ts";

export type ByteOrder = "LE" | "BE";

/** The types that NetCDF's own attributes and variables have. */
export type StoredType =
  | { readonly kind: "number"; readonly type: NumericType; readonly itemBytes: number; readonly byteOrder: ByteOrder }
  /** Text of `itemBytes`, whose end is a zero where it is `terminated`. */
  | { readonly kind: "text"; readonly itemBytes: number; readonly terminated: boolean }
  /** Texts of any length, in the global heap. */
  | { readonly kind: "heap text"; readonly itemBytes: number }
  /** Lists of the addresses of objects, in the global heap. */
  | { readonly kind: "heap references"; readonly itemBytes: number };

const CLASS = { fixedPoint: 0, floatingPoint: 1, string: 3, reference: 7, variableLength: 9 } as const;

/** Bytes of an element whose values are in the global heap: their number, the heap's address, and a place in it. */
const HEAP_ELEMENT_BYTES = 16;

/**
 * A datatype message.
 *
 * Source: "HDF5 File Format Specification", IV.A.2.d. The Datatype Message.
 *
 * @throws LeftToLibrary where it is of another kind
 */
export function readDatatype(body: DataView<ArrayBuffer>): StoredType {
  const cursor = new Cursor(body);
  const first = cursor.uint(1);
  const [version, typeClass] = [first >> 4, first & 15];
  insist(version >= 1 && version <= 3, `a datatype of version ${version}`);
  const bits = cursor.uint(3);
  const itemBytes = cursor.uint(4);
  switch (typeClass) {
    case CLASS.fixedPoint:
      return fixedPoint(cursor, bits, itemBytes);
    case CLASS.floatingPoint:
      return floatingPoint(cursor, bits, itemBytes);
    case CLASS.string: {
      const [padding, characters] = [bits & 15, bits >> 4];
      insist(itemBytes > 0 && padding <= 2 && characters <= 1, "an unknown kind of text");
      return { kind: "text", itemBytes, terminated: padding === 0 };
    }
    case CLASS.variableLength:
      insist(itemBytes === HEAP_ELEMENT_BYTES, `elements of ${itemBytes} bytes`);
      if ((bits & 15) === 1) {
        insist(isCharacter(cursor), "text of unknown characters");
        return { kind: "heap text", itemBytes };
      }
      insist(bits === 0 && isObjectReference(cursor), "lists of an unknown kind");
      return { kind: "heap references", itemBytes };
    default:
      return leave(`a datatype of class ${typeClass}`);
  }
}

const INTEGERS = new Map<number, readonly [unsigned: NumericType, signed: NumericType]>([
  [1, ["uint8", "int8"]],
  [2, ["uint16", "int16"]],
  [4, ["uint32", "int32"]],
  [8, ["uint64", "int64"]],
]);

/** Bits of a number's class: big-endian, ones that fill up what is not used, two's complement. */
const BIG_ENDIAN = 1;
const SIGNED = 8;

function fixedPoint(cursor: Cursor, bits: number, itemBytes: number): StoredType {
  const types = INTEGERS.get(itemBytes);
  const [offset, precision] = [cursor.uint(2), cursor.uint(2)];
  insist((bits & ~(BIG_ENDIAN | SIGNED)) === 0 && offset === 0 && precision === 8 * itemBytes, "an odd integer");
  if (types === undefined) return leave(`an integer of ${itemBytes} bytes`);
  return { kind: "number", type: types[(bits & SIGNED) === 0 ? 0 : 1], itemBytes, byteOrder: orderOf(bits) };
}

/** The bits of a number that count, from its lowest one on. */
export interface NumberBits {
  readonly signed: boolean;
  readonly offset: number;
  readonly precision: number;
}

/**
 * Of an integer that uses a part of its bytes only, which part; undefined where a number uses all of them, and for what
 * is no number.
 *
 * @throws LeftToLibrary where it is a floating-point number that is not IEEE's, or damaged
 */
export function reducedBits(body: DataView<ArrayBuffer>): NumberBits | undefined {
  const cursor = new Cursor(body);
  const typeClass = cursor.uint(1) & 15;
  const bits = cursor.uint(3);
  const itemBytes = cursor.uint(4);
  if (typeClass === CLASS.floatingPoint && IEEE.has(itemBytes)) floatingPoint(cursor, bits, itemBytes);
  if (typeClass !== CLASS.fixedPoint || !INTEGERS.has(itemBytes)) return undefined;
  const [offset, precision] = [cursor.uint(2), cursor.uint(2)];
  if (offset === 0 && precision === 8 * itemBytes) return undefined;
  insist(precision > 0 && offset + precision <= 8 * itemBytes, "an odd integer");
  return { signed: (bits & SIGNED) !== 0, offset, precision };
}

/** Of IEEE's numbers: where the sign is, then offset, precision, exponent and mantissa (where, bits), bias. */
const IEEE = new Map<number, readonly [type: NumericType, sign: number, properties: readonly number[]]>([
  [4, ["float32", 31, [0, 32, 23, 8, 0, 23, 127]]],
  [8, ["float64", 63, [0, 64, 52, 11, 0, 52, 1023]]],
]);

/** The first bit of the mantissa is not stored, as it is always set. */
const IMPLIED = 2 << 4;

function floatingPoint(cursor: Cursor, bits: number, itemBytes: number): StoredType {
  const known = IEEE.get(itemBytes);
  if (known === undefined) return leave(`a floating-point number of ${itemBytes} bytes`);
  const [type, sign, properties] = known;
  const found = [2, 2, 1, 1, 1, 1, 4].map((bytes) => cursor.uint(bytes));
  const ieee = (bits & ~BIG_ENDIAN) === (IMPLIED | (sign << 8)) && found.every((value, n) => value === properties[n]);
  insist(ieee, "a floating-point number that is not IEEE's");
  return { kind: "number", type, itemBytes, byteOrder: orderOf(bits) };
}

function orderOf(bits: number): ByteOrder {
  return (bits & BIG_ENDIAN) === 0 ? "LE" : "BE";
}

function isCharacter(cursor: Cursor): boolean {
  const [typeClass, bits, itemBytes] = [cursor.uint(1) & 15, cursor.uint(3), cursor.uint(4)];
  const [offset, precision] = [cursor.uint(2), cursor.uint(2)];
  return typeClass === CLASS.fixedPoint && bits === 0 && itemBytes === 1 && offset === 0 && precision === 8;
}

function isObjectReference(cursor: Cursor): boolean {
  const [typeClass, bits, itemBytes] = [cursor.uint(1) & 15, cursor.uint(3), cursor.uint(4)];
  return typeClass === CLASS.reference && bits === 0 && itemBytes === 8;
}
