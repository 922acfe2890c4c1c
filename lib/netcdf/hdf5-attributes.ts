import { type Dataset, type Group, type Metadata, Module } from "h5wasm/node";
import type { Attribute, Attributes } from "./dataset.ts";
import { takeRoom } from "./hdf5-library.ts";
import { isText, typeOf } from "./hdf5-types.ts";
import { isNumeric, valuesOf } from "./numeric-types.ts";

/** How NetCDF-4 itself uses HDF5: no part of what the file says. */
const INTERNAL = new Set([
  "DIMENSION_LIST",
  "REFERENCE_LIST",
  "CLASS",
  "NAME",
  "_Netcdf4Dimid",
  "_Netcdf4Coordinates",
  "_NCProperties",
  "_nc3_strict",
]);

/** Bytes; what declares more is damaged, as a history of a thousand commands has a hundredth. */
const LARGEST_ATTRIBUTE = 2 ** 24;

/** The attributes of a group or variable. Those that are neither text nor numbers are left out. */
export function readAttributes(entity: Group | Dataset): Attributes {
  const names = Module.get_attribute_names(entity.file_id, entity.path).filter((name) => !INTERNAL.has(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const attribute = readAttribute(entity, name);
      return attribute === undefined ? [] : [[name, attribute]];
    }),
  );
}

/** The numbers of an attribute, none if there is no such attribute. */
export function readNumbers(entity: Group | Dataset, name: string): readonly number[] {
  if (!Module.get_attribute_names(entity.file_id, entity.path).includes(name)) return [];
  const value = readAttribute(entity, name)?.value;
  return typeof value === "object" ? value : [];
}

function readAttribute(entity: Group | Dataset, name: string): Attribute | undefined {
  const metadata = Module.get_attribute_metadata(entity.file_id, entity.path, name);
  const type = typeOf(metadata);
  if (isText(metadata)) {
    // NetCDF's string type, read by address.
    if (metadata.vlen) return { type: "other", value: [entity.get_attribute(name, true) ?? ""].flat().join(", ") };
    return { type: "char", value: textOf(bytesOf(entity, name, metadata), metadata.size) };
  }
  if (!isNumeric(type)) return undefined;
  return { type, value: Array.from(valuesOf(type, bytesOf(entity, name, metadata).buffer), Number) };
}

function bytesOf(
  entity: Group | Dataset,
  name: string,
  { shape, size, total_size }: Metadata,
): Uint8Array<ArrayBuffer> {
  const length = size * total_size;
  if (shape === null || length === 0) return new Uint8Array(0);
  const address = length <= LARGEST_ATTRIBUTE ? takeRoom(length) : 0;
  if (address === 0 || Module.get_attribute_data(entity.file_id, entity.path, name, BigInt(address)) < 0) {
    throw new Error(`the attribute "${name}" of ${entity.path} cannot be read`);
  }
  return new Uint8Array(Module.HEAPU8.subarray(address, address + length));
}

/** Text in UTF-8, whatever HDF5 calls it: NetCDF writes that into what it declares to be ASCII. */
function textOf(bytes: Uint8Array, size: number): string {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const text = bytes.subarray(at, at + size);
    const end = text.indexOf(0);
    texts.push(new TextDecoder().decode(end === -1 ? text : text.subarray(0, end)));
  }
  return texts.join(", ");
}
