import * as fs from "node:fs";
import { keys } from "../../lib/keys.ts";
import { seal, unseal } from "../../lib/store/sealed.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { hashLargeFile, stampOf } from "./files.ts";

/** So many files are remembered, the newest. */
const MOST_FILES = 1024;

/**
 * A file that was changed a moment ago may change again without a change of its times: some file systems count them in whole
 * seconds, and what is written through shared memory changes them once until it is on the disk, which may take half a minute.
 * Its digest is not remembered, as git's index does not trust such a file.
 */
const FRESH_MS = 60_000;

interface Digests {
  /** SHA-256 by the file's stamp. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * A {@link hashLargeFile} that remembers, in the output folder, what large files hashed to. It knows them by device, inode,
 * size and times: a file that was changed and got its times back has another ctime. What it remembers is of this machine,
 * so it is for folders alone.
 *
 * @param onPart - told the part that is done of a file that is hashed
 */
export function rememberingHash(
  store: ObjectStore,
  onPart?: (part: number) => void,
): (path: string) => Promise<string> {
  const known = async () => {
    const found = await store.get(keys.digests);
    return (found && unseal<Digests>(keys.digests, found.body)?.head.files) ?? {};
  };
  const keep = async (stamp: string, hashed: string) => {
    const files = Object.fromEntries([...Object.entries(await known()), [stamp, hashed]].slice(-MOST_FILES));
    await store.put(keys.digests, seal(keys.digests, { head: { files } satisfies Digests, body: new Uint8Array() }));
  };
  const hashAndKeep = async (path: string, stamp: string) => {
    const isFresh = lastChange(path) > Date.now() - FRESH_MS;
    const hashed = await hashLargeFile(path, onPart);
    if (!isFresh && stampOf(path) === stamp) await keep(stamp, hashed);
    return hashed;
  };
  // One file after another: what is kept of one would displace that of another, and what is told of both would go back and forth.
  let last: Promise<unknown> = Promise.resolve();
  return async (path) => {
    const stamp = stampOf(path);
    const digest = (await known())[stamp];
    if (digest !== undefined) return digest;
    const turn = last.then(() => hashAndKeep(path, stamp));
    last = turn.catch(() => {});
    return turn;
  };
}

/** Milliseconds since 1970; 0 for a file that is not there, of which hashing it says why. */
function lastChange(path: string): number {
  const { mtimeMs, ctimeMs } = fs.statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, ctimeMs: 0 };
  return Math.max(mtimeMs, ctimeMs);
}
