import type { RandomAccess } from "../random-access.ts";

/** A message of an object header: what it is about, and its body. */
export interface HeaderMessage {
  readonly type: number;
  /** Where the body lies in the file. */
  readonly address: number;
  readonly body: DataView;
}

/** More bytes than a header has, whose large attributes are stored elsewhere: a damaged one could lead in circles. */
const MOST_HEADER_BYTES = 2 ** 20;
const CONTINUATION = 0x10;
const SIGNATURE = { header: 0x5244484f, block: 0x4b48434f };

/**
 * The messages of the object header at `address`, of version 1 or 2, in a file whose addresses and lengths have 8 bytes.
 *
 * Source: "HDF5 File Format Specification", IV.A. Disk Format: Level 2A, Data Object Headers.
 *
 * @throws Error where there is no such header
 */
export function headerMessages(access: RandomAccess, address: number): HeaderMessage[] {
  const start = viewAt(access, address, 16);
  return start.getUint32(0, true) === SIGNATURE.header ? newMessages(access, address) : oldMessages(access, address);
}

function oldMessages(access: RandomAccess, address: number): HeaderMessage[] {
  const prefix = viewAt(access, address, 16);
  if (prefix.getUint8(0) !== 1) throw new Error("no object header");
  const first = { address: address + prefix.byteLength, length: prefix.getUint32(8, true) };
  return messagesOf(access, first, () => ({
    ends: [0, 0],
    prefixBytes: 8,
    about: (block, at) => ({ type: block.getUint16(at, true), size: block.getUint16(at + 2, true) }),
  }));
}

function newMessages(access: RandomAccess, address: number): HeaderMessage[] {
  const flags = viewAt(access, address, 6).getUint8(5);
  const sizeAt = 6 + ((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4);
  const sizeBytes = 1 << (flags & 3);
  const size = unsigned(viewAt(access, address + sizeAt, sizeBytes), 0, sizeBytes);
  const first = { address: address + sizeAt + sizeBytes, length: size };
  return messagesOf(access, first, (block, isFirst) => {
    if (!isFirst && block.getUint32(0, true) !== SIGNATURE.block) throw new Error("no block of an object header");
    return {
      // A block that follows has a signature before its messages and a checksum behind them.
      ends: isFirst ? [0, 0] : [4, 4],
      prefixBytes: (flags & 4) === 0 ? 4 : 6,
      about: (view, at) => ({ type: view.getUint8(at), size: view.getUint16(at + 1, true) }),
    };
  });
}

interface Block {
  readonly address: number;
  readonly length: number;
}

/** How the messages of a block are laid out. */
interface BlockLayout {
  /** Bytes before the first message and behind the last. */
  readonly ends: readonly [before: number, behind: number];
  /** Bytes of a message before its body. */
  readonly prefixBytes: number;
  readonly about: (block: DataView, at: number) => { readonly type: number; readonly size: number };
}

/** The messages of a block and of all that it is continued in. */
function messagesOf(
  access: RandomAccess,
  first: Block,
  layoutOf: (block: DataView, isFirst: boolean) => BlockLayout,
): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const blocks = [first];
  let bytes = 0;
  for (const [n, { address, length }] of blocks.entries()) {
    bytes += length;
    if (bytes > MOST_HEADER_BYTES) throw new Error("an object header without end");
    const block = viewAt(access, address, length);
    const { ends, prefixBytes, about } = layoutOf(block, n === 0);
    for (let at = ends[0]; at + prefixBytes <= length - ends[1]; ) {
      const { type, size } = about(block, at);
      const start = at + prefixBytes;
      const body = new DataView(block.buffer, block.byteOffset + start, size);
      if (type === CONTINUATION) blocks.push({ address: unsigned(body, 0), length: unsigned(body, 8) });
      else messages.push({ type, address: address + start, body });
      at = start + size;
    }
  }
  return messages;
}

/** Bytes of the file. @throws Error where there are none, or more than a node of an index can have */
export function viewAt(access: RandomAccess, address: number, length: number): DataView {
  if (!(address >= 0 && length <= MOST_BYTES && address + length <= access.size)) throw new Error("beyond the file");
  const bytes = new Uint8Array(length);
  access.read(address, bytes);
  return new DataView(bytes.buffer);
}

const MOST_BYTES = 2 ** 24;

/** A little-endian number of 1, 2, 4 or 8 bytes; the address of nothing comes out larger than any file. */
export function unsigned(view: DataView, at: number, bytes = 8): number {
  switch (bytes) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true);
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

/** Byte of the end-of-file address in the superblock, by the superblock's version, where addresses have 8 bytes. */
const END_ADDRESS = [40, 44, 28, 28] as const;

/**
 * How many bytes an HDF5 file without a user block says that it has; undefined if that cannot be told.
 *
 * Source: "HDF5 File Format Specification", II.A. Disk Format: Level 0A, Format Signature and Superblock.
 */
export function declaredBytes(access: RandomAccess): number | undefined {
  const superblock = new DataView(new ArrayBuffer(64));
  if (access.size < superblock.byteLength) return undefined;
  access.read(0, new Uint8Array(superblock.buffer));
  const version = superblock.getUint8(8);
  const at = END_ADDRESS[version];
  const addressBytes = superblock.getUint8(version < 2 ? 13 : 9);
  return at === undefined || addressBytes !== 8 ? undefined : Number(superblock.getBigUint64(at, true));
}
