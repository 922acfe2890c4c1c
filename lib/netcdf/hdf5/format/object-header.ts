import { requireChecksum } from "./checksum.ts";
import { Cursor, insist, type Metadata } from "./metadata.ts";

/** Types of messages, by the names of the format specification, IV.A.2. */
export const MESSAGE = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filterPipeline: 0x0b,
  attribute: 0x0c,
  comment: 0x0d,
  continuation: 0x10,
  symbolTable: 0x11,
  modificationTime: 0x12,
  treeSizes: 0x13,
  attributeInfo: 0x15,
  referenceCount: 0x16,
  freeSpace: 0x17,
} as const;

/** A message of an object header: what it is about, and its body. */
export interface HeaderMessage {
  readonly type: number;
  /** Where the body lies in the file. */
  readonly address: number;
  readonly body: DataView<ArrayBuffer>;
  /** Whether the body only tells where the message is. */
  readonly shared: boolean;
  /** Of an attribute among the others; 0 where that is not tracked. */
  readonly creationOrder: number;
}

export interface ObjectHeader {
  readonly messages: readonly HeaderMessage[];
  /** Hard links that lead to the object. */
  readonly referenceCount: number;
  /** Whether its attributes are indexed by the order in which they were made. */
  readonly attributesInOrder: boolean;
}

/** More bytes than a header has, whose large attributes are stored elsewhere: a damaged one could lead in circles. */
const MOST_HEADER_BYTES = 2 ** 20;

/** Bytes that nearly all headers fit into: they are read at once. */
const USUAL_BYTES = 512;

/** Bits of a message's flags: those that do not matter here are that it does not change, and is not to be shared. */
const SHARED = 0x02;
const NOT_TO_BE_SHARED = 0x04;
const KNOWN_FLAGS = 0x07;

/** Types of messages that can be stored elsewhere. */
const SHAREABLE = new Set<number>([
  MESSAGE.dataspace,
  MESSAGE.datatype,
  MESSAGE.oldFillValue,
  MESSAGE.fillValue,
  MESSAGE.filterPipeline,
  MESSAGE.attribute,
]);

/**
 * The object header at `address`, of version 1 or 2, without the messages that say nothing.
 *
 * Source: "HDF5 File Format Specification", IV.A. Disk Format: Level 2A, Data Object Headers.
 *
 * @throws LeftToLibrary where there is no such header, or it is damaged
 */
export function headerMessages(file: Metadata, address: number): ObjectHeader {
  const start = file.start(address, USUAL_BYTES);
  return start.view.byteLength > 4 && start.view.getUint32(0, true) === HEADER
    ? newHeader(file, address, start)
    : oldHeader(file, address, start);
}

/** `OHDR` */
const HEADER = 0x5244484f;

/** Source: IV.A.1.a. Version 1 Data Object Header Prefix. */
function oldHeader(file: Metadata, address: number, start: Cursor): ObjectHeader {
  start.expectByte(1, "an object header of version");
  start.skip(1);
  const [count, referenceCount, size] = [start.uint(2), start.uint(4), start.uint(4)];
  const prefixBytes = 16;
  let found = 0;
  const messages = eachBlock(file, { address: address + prefixBytes, length: size }, (block) => {
    const inBlock: HeaderMessage[] = [];
    const cursor = new Cursor(block.view);
    while (cursor.left > 0) {
      const [type, bytes, flags] = [cursor.uint(2), cursor.uint(2), cursor.uint(1)];
      cursor.skip(3);
      inBlock.push(messageOf(block, cursor, { type, bytes, flags, creationOrder: 0 }));
      found++;
    }
    return inBlock;
  });
  insist(found === count, `${found} messages, not ${count}`);
  insist(!messages.some(({ type }) => type === MESSAGE.referenceCount), "a reference count of its own");
  return { messages, referenceCount, attributesInOrder: false };
}

/** Source: IV.A.1.b. Version 2 Data Object Header Prefix. */
function newHeader(file: Metadata, address: number, start: Cursor): ObjectHeader {
  start.skip(4);
  start.expectByte(2, "an object header of version");
  const flags = start.uint(1);
  insist(flags < 0x40, `an object header with flags ${flags}`);
  start.skip(((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4));
  const size = start.uint(1 << (flags & 3));
  const prefixBytes = start.at;
  const ordered = (flags & 0x04) !== 0;
  const perMessage = ordered ? 6 : 4;
  const first = { address, length: prefixBytes + size + 4 };
  const messages = eachBlock(file, first, (block, isFirst) => {
    requireChecksum(block.view);
    const cursor = new Cursor(new DataView(block.view.buffer, 0, block.view.byteLength - 4));
    if (isFirst) cursor.skip(prefixBytes);
    else cursor.expect("OCHK");
    const inBlock: HeaderMessage[] = [];
    // What is too short for a message is a gap.
    while (cursor.left >= perMessage) {
      const [type, bytes, messageFlags] = [cursor.uint(1), cursor.uint(2), cursor.uint(1)];
      const creationOrder = ordered ? cursor.uint(2) : 0;
      inBlock.push(messageOf(block, cursor, { type, bytes, flags: messageFlags, creationOrder }));
    }
    insist(cursor.left === 0 || !inBlock.some(({ type }) => type === MESSAGE.nil), "a gap beside an empty message");
    return inBlock;
  });
  const counted = messageOfType({ messages }, MESSAGE.referenceCount);
  return {
    messages,
    referenceCount: counted === undefined ? 1 : readReferenceCount(new Cursor(counted)),
    attributesInOrder: (flags & 0x08) !== 0,
  };
}

function readReferenceCount(cursor: Cursor): number {
  cursor.expectByte(0, "a reference count of version");
  return cursor.uint(4);
}

/** Bytes of a header. */
interface Extent {
  readonly address: number;
  readonly length: number;
}

interface Block {
  readonly address: number;
  readonly view: DataView<ArrayBuffer>;
}

/** The messages of a block and of all that it is continued in. */
function eachBlock(
  file: Metadata,
  first: Extent,
  messagesOf: (block: Block, isFirst: boolean) => HeaderMessage[],
): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const blocks = [first];
  let bytes = 0;
  for (const [n, { address, length }] of blocks.entries()) {
    bytes += length;
    insist(bytes <= MOST_HEADER_BYTES, "an object header without end");
    for (const message of messagesOf({ address, view: file.view(address, length) }, n === 0)) {
      if (message.type === MESSAGE.continuation) {
        const cursor = new Cursor(message.body);
        const block = { address: cursor.definedAddress(), length: cursor.uint(8) };
        file.requireOwner(block.address, first.address);
        blocks.push(block);
      } else if (message.type !== MESSAGE.nil) messages.push(message);
    }
  }
  return messages;
}

/** What stands before a message's body. */
interface MessagePrefix {
  readonly type: number;
  readonly bytes: number;
  readonly flags: number;
  readonly creationOrder: number;
}

function messageOf({ address }: Block, cursor: Cursor, prefix: MessagePrefix): HeaderMessage {
  const { type, bytes, flags, creationOrder } = prefix;
  const at = address + cursor.at;
  const shared = (flags & SHARED) !== 0;
  const impossible = shared && (!SHAREABLE.has(type) || (flags & NOT_TO_BE_SHARED) !== 0);
  insist((flags & ~KNOWN_FLAGS) === 0 && !impossible, `a message with flags ${flags}`);
  return { type, address: at, body: cursor.slice(bytes), shared, creationOrder };
}

/** The only message of a type, if there is one. @throws LeftToLibrary where there are several */
export function messageOfType(
  { messages }: Pick<ObjectHeader, "messages">,
  type: number,
): DataView<ArrayBuffer> | undefined {
  const found = messages.filter((message) => message.type === type);
  insist(found.length < 2, `${found.length} messages of type ${type}`);
  return found[0]?.body;
}
