import { crc32 } from "node:zlib";
import type { ObjectStore } from "./store.ts";

/**
 * Objects that are derived from others, and kept so that they need not be made again. Each names its own key and has a
 * checksum, so one that is damaged, cut short or another's counts as none: it is made anew, and nothing else changes.
 *
 * The bytes are the body, the head as JSON with the key, and eight bytes in little-endian order: the length of the head and
 * the CRC32 of all before.
 */
export interface Sealed<Head extends object> {
  readonly head: Head;
  readonly body: Uint8Array;
}

const SIZES = 8;
const NO_ROOM = new Uint8Array();

/**
 * The object of that key if there is one and it is whole, else what `make` returns, which is then stored.
 *
 * @param room - memory that the object may be read into; the body then lies there
 */
export async function keptOrMade<Head extends object>(
  store: ObjectStore,
  key: string,
  make: () => Promise<Sealed<Head>>,
  room?: Uint8Array,
): Promise<Sealed<Head>> {
  const found = await store.get(key, { room });
  const kept = found && unseal<Head>(key, found.body);
  return kept ?? madeAnew(store, key, make, room);
}

/** What `make` returns, which is stored, whatever is there: as {@link keptOrMade} where it is known that nothing is. */
export async function madeAnew<Head extends object>(
  store: ObjectStore,
  key: string,
  make: () => Promise<Sealed<Head>>,
  room?: Uint8Array,
): Promise<Sealed<Head>> {
  const made = await make();
  await store.put(key, seal(key, made, room));
  return made;
}

/** @param room - memory that is used if the body begins it and all fits in: the body is then not copied */
export function seal(key: string, { head, body }: Sealed<object>, room: Uint8Array = NO_ROOM): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify({ ...head, key }));
  const length = body.length + text.length + SIZES;
  const isThere = body.buffer === room.buffer && body.byteOffset === room.byteOffset && length <= room.length;
  const bytes = isThere ? room.subarray(0, length) : new Uint8Array(length);
  if (!isThere) bytes.set(body);
  bytes.set(text, body.length);
  const view = viewOf(bytes);
  view.setUint32(length - 8, text.length, true);
  view.setUint32(length - 4, crc32(bytes.subarray(0, length - 4)), true);
  return bytes;
}

/** What was sealed for that key; undefined for any other bytes. */
export function unseal<Head extends object>(key: string, bytes: Uint8Array): Sealed<Head> | undefined {
  const { length } = bytes;
  if (length < SIZES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(length - 4, true) !== crc32(bytes.subarray(0, length - 4))) return undefined;
  const end = length - SIZES - view.getUint32(length - 8, true);
  // Of bytes with a checksum that is right by chance, or was made for other ones.
  if (end < 0) return undefined;
  const head = headIn<Head & { key?: string }>(bytes.subarray(end, length - SIZES));
  return head?.key === key ? { head, body: bytes.subarray(0, end) } : undefined;
}

function headIn<Head>(text: Uint8Array): Head | null | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(text)) as Head | null;
  } catch {
    return undefined;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
