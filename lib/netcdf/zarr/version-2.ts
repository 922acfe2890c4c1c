import { brokenFile, InputError } from "../../errors.ts";
import type { DataType, NumericType } from "../dataset.ts";
import { isNumeric } from "../numeric-types.ts";
import type { ZarrArray } from "./array.ts";
import { type ByteCodec, byteCodec } from "./codecs.ts";
import { fillOf } from "./fill.ts";
import { countsIn, isObject, type Json } from "./json.ts";

/** What Zarr 2 calls the numbers that are read: their kinds and lengths. */
const TYPES: Readonly<Record<string, NumericType>> = {
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f4: "float32",
  f8: "float64",
};

/** Where xarray writes the names of an array's dimensions. */
const DIMENSIONS = "_ARRAY_DIMENSIONS";

/**
 * An array by its `.zarray` and `.zattrs`.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`, `UnsupportedFormat`
 */
export async function arrayOfVersion2(name: string, array: Json, attributes: Json, file: string): Promise<ZarrArray> {
  const shape = countsIn(array["shape"], 0);
  const chunks = countsIn(array["chunks"], 1);
  const { dtype, order = "C", dimension_separator: separator = "." } = array;
  if (shape === undefined || chunks?.length !== shape.length || (order !== "C" && order !== "F")) {
    throw brokenFile(`the metadata of "${name}" is damaged: its shape, chunks or order`, { file });
  }
  const type = typeof dtype === "string" ? (TYPES[dtype.slice(1)] ?? "other") : "other";
  const { [DIMENSIONS]: dimensions, ...its } = attributes;
  const axes = shape.map((_, d) => d);
  return {
    name,
    type,
    shape,
    dimensions: Array.isArray(dimensions) ? dimensions.map(String) : undefined,
    attributes: its,
    fill: fillOf(array["fill_value"], type),
    fillIsMissing: array["fill_value"] !== null && array["fill_value"] !== undefined,
    stored: {
      kind: "chunk",
      shape: chunks,
      packing: {
        order: order === "C" ? axes : axes.reverse(),
        endian: typeof dtype === "string" && dtype.startsWith(">") ? "BE" : "LE",
        codecs: await codecsOf(array, type, `${file}/${name}`),
      },
    },
    pathOf: (position) => (position.length === 0 ? "0" : position.join(separator === "/" ? "/" : ".")),
  };
}

/** In the order in which they were applied; none of what is not read. */
async function codecsOf({ filters, compressor }: Json, type: DataType, file: string): Promise<ByteCodec[]> {
  if (!isNumeric(type)) return [];
  const all = [...(Array.isArray(filters) ? (filters as unknown[]) : []), compressor ?? null].filter(
    (one) => one !== null,
  );
  const codecs: ByteCodec[] = [];
  for (const codec of all) {
    const id = isObject(codec) ? codec["id"] : undefined;
    if (!isObject(codec) || typeof id !== "string") throw brokenFile("has a codec without a name", { file });
    codecs.push(await byteCodec(id, codec, file));
  }
  if (codecs.filter(({ kind }) => kind === "compressed").length > 1) throw packedTwice(file);
  return codecs;
}

/** The error for what has no known length between two codecs. */
export function packedTwice(file: string): InputError {
  return new InputError("UnsupportedFormat", "is compressed twice, which is not read here", {
    file,
    hint: "Write it again with one compressor",
  });
}
