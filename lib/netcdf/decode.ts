import { InputError } from "../errors.ts";
import type { Dataset, NumericArray, NumericType, Slab, Variable } from "./dataset.ts";
import { DEFAULT_FILL, FILL_VALUE, ITEM_BYTES, isNumeric } from "./numeric-types.ts";
import { countsOf, findVariable, product } from "./slab.ts";

type FloatArray = Float32Array | Float64Array;

/**
 * Decoded values of a slab, row-major, the whole variable by default; NaN where they are missing.
 *
 * @throws InputError as {@link Dataset.readRaw} and {@link decode} do
 */
export function read(dataset: Dataset, name: string, slab?: Slab): FloatArray {
  const raw = dataset.readRaw(name, slab);
  return decode(findVariable(dataset, name), raw, dataset.file);
}

/** Of a coordinate along one dimension: a hundred times as many as any grid or archive of months has. */
const MOST_COORDINATES = 2 ** 20;

/**
 * Reads as {@link read} does what is not a field but says where or when one is.
 *
 * @throws InputError as {@link read}; `TooLarge` where it declares more values than make sense, which take no room in a
 *   file that has none of them
 */
export function readCoordinate(dataset: Dataset, name: string, slab?: Slab): FloatArray {
  const { shape } = findVariable(dataset, name);
  requireFew(dataset, name, product(slab === undefined ? shape : countsOf(slab)));
  return read(dataset, name, slab);
}

/** @throws InputError `TooLarge` where there are more values than a coordinate has */
export function requireFew({ file }: Dataset, name: string, count: number): void {
  if (count <= MOST_COORDINATES) return;
  throw new InputError("TooLarge", `"${name}" declares ${count} values`, {
    file,
    hint: `At most ${MOST_COORDINATES} are read of a coordinate: the file is damaged, or not meant to be read`,
  });
}

/**
 * What the stored values of a variable mean: `packed * scale_factor + add_offset`, NaN where they are missing. Missing
 * is what equals `_FillValue` (by default the type's own, unless it has one byte) or a `missing_value`, and what
 * `valid_range`, `valid_min` or `valid_max` excludes; all of these are packed, but a range of floats over packed
 * integers is not.
 *
 * float32 stays float32. Integers of 8 and 16 bits become float32 where they declare a missing value, or are scaled
 * without an offset, and are then unpacked in float32 arithmetic; all else becomes float64. So does xarray, whose bits
 * the series are to have.
 *
 * Source: CF Conventions 1.11, 2.5.1 Missing data and 8.1 Packed Data; NetCDF User's Guide, Attribute Conventions.
 *
 * @param raw - the caller's no longer: floats are decoded in place
 * @param file - what messages call the file
 * @throws InputError `NotNumeric` where one of these attributes is text
 */
export function decode(variable: Variable, raw: NumericArray, file: string): FloatArray {
  const { attributes, type } = variable;
  if (!isNumeric(type)) throw new InputError("NotNumeric", `"${variable.name}" is of type ${type}`, { file });
  const unsigned = attributes["_Unsigned"]?.value === "true";
  const numbers = (name: string): readonly number[] => numbersOf(variable, name, file);
  const [scale] = numbers("scale_factor");
  const [offset] = numbers("add_offset");

  const declared = [...numbers(FILL_VALUE), ...numbers("missing_value")];
  const single = declared.length > 0 || (scale !== undefined && offset === undefined);
  const values = widen(unsigned ? asUnsigned(raw) : raw, single);
  // Attributes can be of a wider type than the values that are compared with them.
  const comparable = (bound: number): number => {
    const packed = unsigned && bound < 0 ? bound + 2 ** (8 * ITEM_BYTES[type]) : bound;
    return values instanceof Float32Array ? Math.fround(packed) : packed;
  };

  const fills = attributes[FILL_VALUE] === undefined ? defaultFill(type) : [];
  const missing = [...new Set([...fills, ...declared].map(comparable))];
  const range = numbers("valid_range");
  const [minimum = range[0]] = numbers("valid_min");
  const [maximum = range[1]] = numbers("valid_max");
  // A bound that is NaN excludes nothing: nothing is below or above it.
  const low = minimum === undefined || Number.isNaN(minimum) ? -Infinity : comparable(minimum);
  const high = maximum === undefined || Number.isNaN(maximum) ? Infinity : comparable(maximum);
  const unpackedRange = isInteger(type) && rangeIsFloat(variable);
  mask(values, missing, unpackedRange ? [-Infinity, Infinity] : [low, high]);
  unpack(values, scale, offset);
  if (unpackedRange) mask(values, [], [low, high]);
  return values;
}

function isInteger(type: NumericType): boolean {
  return type !== "float32" && type !== "float64";
}

function rangeIsFloat({ attributes }: Variable): boolean {
  const { valid_range: range, valid_min: min, valid_max: max } = attributes;
  return [range, min, max].some((bound) => bound?.type === "float32" || bound?.type === "float64");
}

function numbersOf({ name, attributes }: Variable, attribute: string, file: string): readonly number[] {
  const value = attributes[attribute]?.value ?? [];
  if (typeof value !== "string") return value;
  throw new InputError("NotNumeric", `the attribute ${attribute} of "${name}" is the text "${value}", not a number`, {
    file,
  });
}

/** Every byte is a value that can be meant. */
function defaultFill(type: NumericType): number[] {
  return ITEM_BYTES[type] === 1 ? [] : [Number(DEFAULT_FILL[type])];
}

function asUnsigned(raw: NumericArray): NumericArray {
  const { buffer, byteOffset, length } = raw;
  if (raw instanceof Int8Array) return new Uint8Array(buffer, byteOffset, length);
  if (raw instanceof Int16Array) return new Uint16Array(buffer, byteOffset, length);
  if (raw instanceof Int32Array) return new Uint32Array(buffer, byteOffset, length);
  if (raw instanceof BigInt64Array) return new BigUint64Array(buffer, byteOffset, length);
  return raw;
}

function widen(raw: NumericArray, single: boolean): FloatArray {
  if (raw instanceof Float32Array || raw instanceof Float64Array) return raw;
  if (raw instanceof BigInt64Array || raw instanceof BigUint64Array) return Float64Array.from(raw, Number);
  return single && raw.BYTES_PER_ELEMENT <= 2 ? new Float32Array(raw) : new Float64Array(raw);
}

/** Makes NaN of the values that are missing, and of those outside a range. */
function mask(values: FloatArray, missing: readonly number[], [low, high]: readonly [number, number]): void {
  // What is outside of the range goes with it.
  const inside = missing.filter((value) => value >= low && value <= high);
  const ranged = low !== -Infinity || high !== Infinity;
  if (values instanceof Float32Array) {
    const words = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (const value of inside) maskFloat(words, value);
    if (ranged) maskFloatsOutside(words, low, high);
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (inside.includes(value) || value < low || value > high) values[i] = Number.NaN;
  }
}

/** Floats as the words that hold them: each would be turned into a double to be compared, which takes longer. */
function wordOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}

const NAN_WORD = wordOf(Number.NaN);

function maskFloat(words: Int32Array, missing: number): void {
  const nan = NAN_WORD;
  const one = wordOf(missing);
  const other = missing === 0 ? wordOf(-missing) : one;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === one || word === other) words[i] = nan;
  }
}

function maskFloatsOutside(words: Int32Array, low: number, high: number): void {
  const nan = NAN_WORD;
  // Either zero is as large as the other.
  const first = rankOf(wordOf(low === 0 ? -0 : low));
  const last = rankOf(wordOf(high === 0 ? 0 : high));
  for (let i = 0; i < words.length; i++) {
    const rank = rankOf(words[i]!);
    if (rank < first || rank > last) words[i] = nan;
  }
}

/** Of two floats the larger one has the larger rank: without its sign, a word counts as the float does. */
function rankOf(word: number): number {
  return word ^ ((word >> 31) & 0x7fffffff);
}

function unpack(values: FloatArray, scale: number | undefined, offset: number | undefined): void {
  // float32 arithmetic rounds its operands, and after each step.
  const cast = values instanceof Float32Array ? Math.fround : (x: number) => x;
  if (scale !== undefined) {
    const factor = cast(scale);
    for (let i = 0; i < values.length; i++) values[i]! *= factor;
  }
  if (offset !== undefined) {
    const term = cast(offset);
    for (let i = 0; i < values.length; i++) values[i]! += term;
  }
}
