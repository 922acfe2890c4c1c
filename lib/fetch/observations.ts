import { hash } from "node:crypto";
import { inputKeys } from "../keys.ts";
import { getJsonIfWhole, jsonText } from "../store/store.ts";
import { dayText } from "../time.ts";
import type { Validators } from "./download.ts";
import { type Fetching, type FileOutcome, fetchFile, isEnough, isFile, type SourceOutcome } from "./fetching.ts";
import type { ObservationsSource } from "./source.ts";

/** What is known of observations that were fetched; kept beside them. */
interface FetchedRecord extends Validators {
  readonly address: string;
  readonly key: string;
  readonly bytes: number;
  /** Of all bytes: some servers name no versions. */
  readonly sha256: string;
  /** When it landed, `YYYY-MM-DD`. */
  readonly landed: string;
}

const DAY_MS = 86_400_000;

/**
 * Fetches observations if the publisher has others than those that are there, and writes them in their place.
 *
 * @throws InputError where the bucket or folder cannot be read or written
 */
export async function fetchObservations(source: ObservationsSource, fetching: Fetching): Promise<SourceOutcome> {
  const { store, now, dryRun } = fetching;
  const { address, key, name } = source;
  const recordKey = inputKeys.fetched(name);
  const before = await getJsonIfWhole<FetchedRecord>(store, recordKey);
  const size = await sizeOf(fetching, key);
  const outcome = (file: FileOutcome, record = before): SourceOutcome => ({
    source: name,
    files: [file],
    late: lateOf(record, now, source.lateAfterDays),
    absent: size === undefined && file.status !== "landed",
  });
  if (dryRun === true) return outcome({ status: "due", address, key });
  if (isEnough(fetching, [])) return outcome({ status: "left", address, key });
  // What is there may be another file than was fetched: it may have been replaced by hand, or the address.
  const isKnown = before?.address === address && before.key === key && before.bytes === size;
  const known = isKnown ? before : undefined;
  const fetched = await fetchFile(fetching, source, source, { known });
  if (!isFile(fetched)) return outcome(fetched);
  const { body, validators } = fetched;
  const sha256 = hash("sha256", body);
  if (known?.sha256 === sha256) return outcome({ status: "unchanged", address, key });
  await store.put(key, body);
  // The record last: without it, or with an old one, the file is fetched again.
  await store.flush?.([key]);
  const record = { ...validators, address, key, bytes: body.length, sha256, landed: dayText(now / 1000) };
  await store.put(recordKey, jsonText(record));
  return outcome({ status: "landed", address, key, bytes: body.length }, record);
}

/** Bytes of what is there; undefined where there is nothing. */
async function sizeOf({ store }: Fetching, key: string): Promise<number | undefined> {
  for await (const found of store.list(key)) if (found.key === key) return found.size;
  return undefined;
}

function lateOf(record: FetchedRecord | undefined, now: number, days: number): string | undefined {
  if (record === undefined) return "nothing has come yet";
  const told = Date.parse(record.lastModified ?? "");
  const changed = Number.isNaN(told) ? Date.parse(record.landed) : told;
  return now - changed > days * DAY_MS
    ? `the publisher has changed nothing since ${dayText(changed / 1000)}`
    : undefined;
}
