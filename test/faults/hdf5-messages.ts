import type { Random } from "../../lib/sample/random.ts";
import { withRightSums } from "./hdf5-checksums.ts";
import { below, mutateBytes } from "./mutate.ts";
import { type Field, numberAt, setNumber, setOdd } from "./odd-numbers.ts";

/** A message of an object header: what says its type, size and flags, and where its data are. */
interface Message {
  readonly type: Field;
  readonly size: Field;
  readonly flags: Field;
  readonly start: number;
  readonly end: number;
}

const LAST_TYPE = 0x18;
const MOST_HEADER = 4096;

/**
 * An HDF5 file with one or two of its messages changed: type, size or flags, a number among their data, an address that then
 * leads elsewhere in the file, or the data of another message. Checksums are right again.
 */
export function mutateMessages(original: Buffer, random: Random): Buffer {
  const messages = messagesOf(original);
  if (messages.length === 0) return mutateBytes(original, random);
  const file = Buffer.from(original);
  for (let changes = 1 + below(2, random); changes > 0; changes--) {
    const message = messages[below(messages.length, random)]!;
    const other = messages[below(messages.length, random)]!;
    CHANGES[below(CHANGES.length, random)]!({ file, message, other, messages, random });
  }
  return withRightSums(original, file);
}

interface Change {
  readonly file: Buffer;
  readonly message: Message;
  readonly other: Message;
  readonly messages: readonly Message[];
  readonly random: Random;
}

const CHANGES: readonly ((change: Change) => void)[] = [
  ({ file, message, random }) => setNumber(file, message.type, below(LAST_TYPE + 2, random)),
  ({ file, message, messages, random }) =>
    setOdd(
      file,
      message.size,
      messages.map(({ size }) => size),
      random,
    ),
  ({ file, message, random }) => setNumber(file, message.flags, 2 ** below(8, random) + below(4, random)),
  changeNumber,
  changeNumber,
  changeNumber,
  redirect,
  redirect,
  ({ file, message, other }) => {
    file.copy(file, message.start, other.start, Math.min(other.end, other.start + message.end - message.start));
  },
  ({ file, message, other }) => {
    setNumber(file, message.type, numberAt(file, other.type));
    file.copy(file, message.start, other.start, Math.min(other.end, other.start + message.end - message.start));
  },
];

function changeNumber({ file, message: { start, end }, other, random }: Change): void {
  const bytes = ([1, 2, 4, 8] as const)[below(4, random)]!;
  if (end - start < bytes) return;
  const at = start + below(end - start - bytes + 1, random);
  setOdd(file, { at, bytes }, [{ at: other.start, bytes }], random);
}

/** Of the addresses among the data one leads to another message, to what holds it, or to the end. */
function redirect({ file, message, other, random }: Change): void {
  const addresses: Field[] = [];
  for (let at = message.start; at + 8 <= message.end; at++) {
    const address = numberAt(file, { at, bytes: 8 });
    if (address >= 48 && address < file.length) addresses.push({ at, bytes: 8 });
  }
  const field = addresses[below(addresses.length, random)];
  const targets = [other.start, other.type.at, message.type.at, message.type.at - 16, file.length - 8, 0, 2 ** 53];
  if (field !== undefined) setNumber(file, field, targets[below(targets.length, random)]!);
}

/** The messages of all headers that can be found: those with a signature, and those that look like one of version 1. */
function messagesOf(file: Buffer): Message[] {
  const found: Message[] = [];
  for (const [signature, isFirst] of [["OHDR", true] as const, ["OCHK", false] as const]) {
    for (let at = file.indexOf(signature); at !== -1; at = file.indexOf(signature, at + 1)) {
      found.push(...newMessages(file, at, isFirst));
    }
  }
  for (let at = 0; at + 16 < file.length; at += 8) found.push(...oldMessages(file, at));
  return found;
}

/** Of a block with a signature, as far as they follow each other. */
function newMessages(file: Buffer, header: number, isFirst: boolean): Message[] {
  let at = header + 4;
  let end = Math.min(file.length, header + MOST_HEADER);
  // That they are numbered is said by the first block alone.
  let numbered = 0;
  if (isFirst) {
    const flags = file[at + 1]!;
    at += 2 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const width = (2 ** (flags & 3)) as Field["bytes"];
    end = Math.min(end, at + width + numberAt(file, { at, bytes: width }));
    at += width;
    numbered = flags & 4 ? 2 : 0;
  }
  const messages: Message[] = [];
  while (at + 4 + numbered <= end && file[at]! <= LAST_TYPE) {
    const start = at + 4 + numbered;
    const next = start + file.readUInt16LE(at + 1);
    if (next > end) break;
    messages.push({
      type: { at, bytes: 1 },
      size: { at: at + 1, bytes: 2 },
      flags: { at: at + 3, bytes: 1 },
      start,
      end: next,
    });
    at = next;
  }
  return messages;
}

function oldMessages(file: Buffer, header: number): Message[] {
  const [count, size] = [file.readUInt16LE(header + 2), file.readUInt32LE(header + 8)];
  const looksRight = file[header] === 1 && file[header + 1] === 0 && count > 0 && size > 0 && size <= MOST_HEADER;
  if (!looksRight || size % 8 !== 0 || file.readUInt32LE(header + 12) !== 0) return [];
  const messages: Message[] = [];
  const end = header + 16 + size;
  for (let at = header + 16; at + 8 <= Math.min(end, file.length); ) {
    const start = at + 8;
    const next = start + file.readUInt16LE(at + 2);
    if (file.readUInt16LE(at) > LAST_TYPE || next > end || file.readUIntLE(at + 5, 3) !== 0) return [];
    messages.push({
      type: { at, bytes: 2 },
      size: { at: at + 2, bytes: 2 },
      flags: { at: at + 4, bytes: 1 },
      start,
      end: next,
    });
    at = next;
  }
  return messages;
}
