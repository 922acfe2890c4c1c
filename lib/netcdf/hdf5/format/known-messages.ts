import { insist, leave } from "./metadata.ts";
import { MESSAGE, type ObjectHeader } from "./object-header.ts";

const KNOWN = new Set<number>(Object.values(MESSAGE));

/** Of a time: version, three that are not used, and seconds. */
const TIME_BYTES = 8;

/** Makes sure that no message is of an unknown type or version, or stored elsewhere. @throws LeftToLibrary */
export function requireKnown({ messages }: ObjectHeader): void {
  for (const { type, shared, body } of messages) {
    if (!KNOWN.has(type)) leave(`a message of type ${type}`);
    if (shared) leave(`a shared message of type ${type}`);
    insist(type !== MESSAGE.groupInfo || isGroupInfo(body), "group info of another version");
    const isTime = body.byteLength >= TIME_BYTES && body.getUint8(0) === 1;
    insist(type !== MESSAGE.modificationTime || isTime, "a modification time of another version");
  }
}

/** Sizes that it may tell of a group's storage matter to who writes alone. */
function isGroupInfo(body: DataView<ArrayBuffer>): boolean {
  if (body.byteLength < 2) return false;
  const [version, flags] = [body.getUint8(0), body.getUint8(1)];
  return version === 0 && flags < 4 && body.byteLength >= 2 + 4 * ((flags & 1) + (flags >> 1));
}
