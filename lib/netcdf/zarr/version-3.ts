import { brokenFile, InputError } from "../../errors.ts";
import { type DataType } from "../dataset.ts";
import { ITEM_BYTES, isNumeric } from "../numeric-types.ts";
import type { Chunk, Packing, Stored, ZarrArray } from "./array.ts";
import { type ByteCodec, byteCodec } from "./codecs.ts";
import { fillOf } from "./fill.ts";
import { countsIn, isObject, type Json } from "./json.ts";
import { packedTwice } from "./version-2.ts";

/**
 * An array by its `zarr.json`.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`, `UnsupportedFormat`
 */
export async function arrayOfVersion3(name: string, array: Json, file: string): Promise<ZarrArray> {
  const shape = countsIn(array["shape"], 0);
  const grid = settingsOf(array["chunk_grid"], "regular");
  const chunks = countsIn(grid?.["chunk_shape"], 1);
  if (shape === undefined || chunks?.length !== shape.length) {
    throw brokenFile(`the metadata of "${name}" is damaged: its shape or chunks`, { file });
  }
  const { data_type: typeName, dimension_names: names, attributes } = array;
  const type: DataType = typeof typeName === "string" && typeName in ITEM_BYTES ? (typeName as DataType) : "other";
  const stored = isNumeric(type)
    ? await storedOf(array["codecs"], chunks, `${file}/${name}`)
    : ({ kind: "chunk", shape: chunks, packing: { order: [], endian: "LE", codecs: [] } } as const);
  return {
    name,
    type,
    shape,
    dimensions: Array.isArray(names) && names.every((one) => typeof one === "string") ? names : undefined,
    attributes: isObject(attributes) ? attributes : {},
    fill: fillOf(array["fill_value"], type),
    fillIsMissing: false,
    stored,
    pathOf: pathsBy(array["chunk_key_encoding"]),
  };
}

function pathsBy(encoding: unknown): ZarrArray["pathOf"] {
  const old = settingsOf(encoding, "v2");
  if (old !== undefined) {
    const separator = old["separator"] === "/" ? "/" : ".";
    return (position) => (position.length === 0 ? "0" : position.join(separator));
  }
  const separator = settingsOf(encoding, "default")?.["separator"] === "." ? "." : "/";
  return (position) => ["c", ...position].join(separator);
}

/** The configuration of what is called so; undefined where something else is. */
function settingsOf(extension: unknown, name: string): Json | undefined {
  if (extension === name) return {};
  if (!isObject(extension) || extension["name"] !== name) return undefined;
  const { configuration } = extension;
  return isObject(configuration) ? configuration : {};
}

interface Named {
  readonly name: string;
  readonly settings: Json;
}

function named(codec: unknown, file: string): Named {
  if (typeof codec === "string") return { name: codec, settings: {} };
  if (!isObject(codec) || typeof codec["name"] !== "string") throw brokenFile("has a codec without a name", { file });
  return { name: codec["name"], settings: isObject(codec["configuration"]) ? codec["configuration"] : {} };
}

/** What the codecs of an array, or of a shard, make of values of a shape. */
async function storedOf(list: unknown, shape: readonly number[], file: string): Promise<Stored> {
  const codecs = Array.isArray(list) ? list.map((codec) => named(codec, file)) : [];
  const at = codecs.findIndex(({ name }) => name === "bytes" || name === "sharding_indexed");
  const toBytes = codecs[at];
  if (toBytes === undefined) throw unread(codecs.at(0)?.name ?? "none", file);
  let order = shape.map((_, d) => d);
  for (const { name, settings } of codecs.slice(0, at)) {
    const next = countsIn(settings["order"], 0);
    if (name !== "transpose") throw unread(name, file);
    const isOrder =
      next?.length === shape.length && new Set(next).size === shape.length && next.every((d) => d < shape.length);
    if (!isOrder) throw brokenFile("has a damaged order of dimensions", { file });
    order = next.map((d) => order[d]!);
  }
  const after = await byteCodecs(codecs.slice(at + 1), file);
  if (toBytes.name === "bytes") {
    return { kind: "chunk", shape, packing: { order, endian: endianOf(toBytes.settings), codecs: after } };
  }
  if (after.length > 0 || at > 0) throw unread("sharding_indexed beside others", file);
  return shardOf(toBytes.settings, shape, file);
}

async function shardOf(settings: Json, shape: readonly number[], file: string): Promise<Stored> {
  const inner = countsIn(settings["chunk_shape"], 1);
  if (inner?.length !== shape.length || inner.some((count, d) => shape[d]! % count !== 0)) {
    throw brokenFile("has chunks that do not fill its shards", { file });
  }
  const chunk = await storedOf(settings["codecs"], inner, file);
  const index = await storedOf(settings["index_codecs"], [], file);
  if (chunk.kind !== "chunk" || index.kind !== "chunk") throw unread("sharding_indexed within itself", file);
  const { codecs, endian }: Packing = index.packing;
  if (codecs.some(({ kind }) => kind === "compressed")) throw unread("a compressed index", file);
  return {
    kind: "shard",
    shape,
    chunk: chunk satisfies Chunk,
    index: { codecs, endian, atStart: settings["index_location"] === "start" },
  };
}

async function byteCodecs(list: readonly Named[], file: string): Promise<ByteCodec[]> {
  const codecs: ByteCodec[] = [];
  for (const { name, settings } of list) codecs.push(await byteCodec(name, settings, file));
  if (codecs.filter(({ kind }) => kind === "compressed").length > 1) throw packedTwice(file);
  return codecs;
}

function endianOf(settings: Json): "LE" | "BE" {
  return settings["endian"] === "big" ? "BE" : "LE";
}

function unread(codec: string, file: string): InputError {
  return new InputError("UnsupportedFormat", `has the codec "${codec}", which is not read here`, {
    file,
    hint: "Write it again as xarray does by default, or as NetCDF: xarray.open_zarr(…).to_netcdf(…)",
  });
}
