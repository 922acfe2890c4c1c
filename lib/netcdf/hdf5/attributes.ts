import type { Metadata } from "h5wasm/node";
import type { Attribute, Attributes } from "../dataset.ts";
import { isNumeric, valuesOf } from "../numeric-types.ts";
import { INTERNAL_ATTRIBUTES, LARGEST_ATTRIBUTE, textsOf } from "./attribute-values.ts";
import type { NumberBits } from "./format/data-type.ts";
import type { Hdf5File } from "./library.ts";
import { attributeBits, extendBits } from "./number-bits.ts";
import { isText, typeOf } from "./types.ts";

/** The attributes of a group or dataset. Those that are neither text nor numbers are left out. */
export function readAttributes(file: Hdf5File, path: string): Attributes {
  const names = file.hdf5.get_attribute_names(file.id, path).filter((name) => !INTERNAL_ATTRIBUTES.has(name));
  const bits = attributeBits(file.access, file.addressOf(path));
  return Object.fromEntries(
    names.flatMap((name) => {
      const attribute = readAttribute({ file, path, name }, bits.get(name));
      return attribute === undefined ? [] : [[name, attribute]];
    }),
  );
}

/** The numbers of an attribute, none if there is no such attribute. */
export function readNumbers(file: Hdf5File, path: string, name: string): readonly number[] {
  if (!file.hdf5.get_attribute_names(file.id, path).includes(name)) return [];
  const value = readAttribute({ file, path, name })?.value;
  return typeof value === "object" ? value : [];
}

/** An attribute of the object at `path`. */
interface Place {
  readonly file: Hdf5File;
  readonly path: string;
  readonly name: string;
}

/** @param bits - of integers that use a part of their bytes only; null for numbers that are not read here */
function readAttribute(place: Place, bits?: NumberBits | null): Attribute | undefined {
  const { file, path, name } = place;
  const metadata = file.hdf5.get_attribute_metadata(file.id, path, name);
  const type = typeOf(metadata);
  if (isText(metadata)) {
    if (metadata.vlen) return { type: "other", value: stringsOf(place, metadata) };
    return { type: "char", value: textsOf(bytesOf(place, metadata), metadata.size) };
  }
  if (!isNumeric(type) || bits === null) return undefined;
  const bytes = bytesOf(place, metadata);
  if (bits !== undefined) extendBits(bytes, metadata.size, bits);
  return { type, value: Array.from(valuesOf(type, bytes.buffer), Number) };
}

function bytesOf({ file, path, name }: Place, { shape, size, total_size }: Metadata): Uint8Array<ArrayBuffer> {
  const length = size * total_size;
  if (shape === null || length === 0) return new Uint8Array(0);
  const address = length <= LARGEST_ATTRIBUTE ? file.memoryFor(length) : 0;
  if (address === 0 || file.hdf5.get_attribute_data(file.id, path, name, BigInt(address)) < 0) {
    throw new Error(`the attribute "${name}" of ${path} cannot be read`);
  }
  return new Uint8Array(file.hdf5.HEAPU8.subarray(address, address + length));
}

/** NetCDF's strings: the attribute holds their addresses in the library's memory, which then is told to free them. */
function stringsOf(place: Place, metadata: Metadata): string {
  const { file, path, name } = place;
  const addresses = new Uint32Array(bytesOf(place, metadata).buffer);
  let letters = 0;
  const texts = Array.from(addresses, (address) => {
    const text = file.hdf5.UTF8ToString(address);
    letters += text.length;
    // All may be the same one of the file.
    if (letters > LARGEST_ATTRIBUTE) throw new Error(`the attribute "${name}" of ${path} is too long`);
    return text;
  });
  if (addresses.length > 0)
    file.hdf5.reclaim_vlen_memory(file.id, path, name, BigInt(file.memoryFor(addresses.byteLength)));
  return texts.join(", ");
}
