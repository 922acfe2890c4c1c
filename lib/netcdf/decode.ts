import { InputError } from "../errors.ts";
import type { Attribute, Dataset, NumericArray, NumericType, Slab, Variable } from "./dataset.ts";
import { type MaskFloats, maskDoubles, maskWords, type Range } from "./mask.ts";
import { DEFAULT_FILL, FILL_VALUE, ITEM_BYTES, isNumeric, valuesOf } from "./numeric-types.ts";
import { asKind, boundOf, otherKind } from "./signs.ts";
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
 * Reads as {@link read} does what is not a field but says where or when one is. A range of valid values takes none of it
 * away: without it, the field's values would have no place.
 *
 * @throws InputError as {@link read}; `TooLarge` where it declares more values than make sense, which take no room in a
 *   file that has none of them
 */
export function readCoordinate(dataset: Dataset, name: string, slab?: Slab): FloatArray {
  const variable = findVariable(dataset, name);
  requireFew(dataset, name, product(slab === undefined ? variable.shape : countsOf(slab)));
  return decode(withoutRange(variable), dataset.readRaw(name, slab), dataset.file);
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
 * @throws InputError `NotNumeric` where a scale or an offset is text
 */
export function decode(variable: Variable, raw: NumericArray, file: string): FloatArray {
  return decoder(variable, file)(raw);
}

/**
 * {@link decode} for many parts of a variable: what its attributes say is found once.
 *
 * @param maskFloats - masks float32 values
 * @throws InputError `NotNumeric` where a scale or an offset is text
 */
export function decoder(
  variable: Variable,
  file: string,
  maskFloats: MaskFloats = maskWords,
): (raw: NumericArray) => FloatArray {
  const { attributes, type } = variable;
  if (!isNumeric(type)) throw new InputError("NotNumeric", `"${variable.name}" is of type ${type}`, { file });
  const kind = otherKind(variable);
  const [scale] = numbersOf(variable, "scale_factor", file);
  const [offset] = numbersOf(variable, "add_offset", file);

  const numbers = (name: string): readonly number[] => numbersIn(attributes[name]);
  const declared = [...numbers(FILL_VALUE), ...numbers("missing_value")];
  const declares = attributes[FILL_VALUE] !== undefined || attributes["missing_value"] !== undefined;
  const single = declares || (scale !== undefined && offset === undefined);
  const isSingle = widen(asKind(valuesOf(type, new ArrayBuffer(0)), kind), single) instanceof Float32Array;
  // Attributes can be of a wider type than the values that are compared with them.
  const comparable = (bound: number): number => {
    const packed = boundOf(bound, kind);
    return isSingle ? Math.fround(packed) : packed;
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
  const packedRange: Range = unpackedRange ? [-Infinity, Infinity] : [low, high];
  const mask = (values: FloatArray, these: readonly number[], within: Range) =>
    values instanceof Float32Array ? maskFloats(values, these, within) : maskDoubles(values, these, within);
  return (raw) => {
    const values = widen(asKind(raw, kind), single);
    mask(values, missing, packedRange);
    unpack(values, scale, offset);
    if (unpackedRange) mask(values, [], [low, high]);
    return values;
  };
}

function isInteger(type: NumericType): boolean {
  return type !== "float32" && type !== "float64";
}

function rangeIsFloat({ attributes }: Variable): boolean {
  const { valid_range: range, valid_min: min, valid_max: max } = attributes;
  return [range, min, max].some((bound) => bound?.type === "float32" || bound?.type === "float64");
}

/** The attributes that say which values are valid. */
export const RANGES = ["valid_range", "valid_min", "valid_max"] as const;

/** The variable with all values valid. */
export function withoutRange(variable: Variable): Variable {
  const others = Object.entries(variable.attributes).filter(([name]) => !RANGES.some((range) => range === name));
  return others.length === Object.keys(variable.attributes).length
    ? variable
    : { ...variable, attributes: Object.fromEntries(others) };
}

/** The numbers of an attribute, also of one that holds them as text; none of a text that says something else. */
function numbersIn(attribute: Attribute | undefined): readonly number[] {
  const value = attribute?.value ?? [];
  if (typeof value !== "string") return value;
  const parts = value
    .trim()
    .split(/[\s,]+/)
    .map((part) => (part === "" ? Number.NaN : Number(part)));
  return parts.every((part) => Number.isFinite(part)) ? parts : [];
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

function widen(raw: NumericArray, single: boolean): FloatArray {
  if (raw instanceof Float32Array || raw instanceof Float64Array) return raw;
  if (raw instanceof BigInt64Array || raw instanceof BigUint64Array) return Float64Array.from(raw, Number);
  return single && raw.BYTES_PER_ELEMENT <= 2 ? new Float32Array(raw) : new Float64Array(raw);
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
