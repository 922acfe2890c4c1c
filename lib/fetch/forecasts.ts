import { isInputError } from "../errors.ts";
import { dayText } from "../time.ts";
import type { Validators } from "./download.ts";
import { type DueFile, fileOf, filesOf, issuesOf, keyPrefix, lateSince, monthAfter } from "./due.ts";
import {
  type FetchedFile,
  type Fetching,
  type FileOutcome,
  fetchFile,
  isEnough,
  isFile,
  type SourceOutcome,
} from "./fetching.ts";
import { filesListed } from "./listed.ts";
import type { ForecastSource } from "./source.ts";

/**
 * Fetches what is missing of the issues of the last days, the newest first: each file once, whole, and under a key of its own.
 * What is there is not asked for again.
 *
 * @throws InputError where the bucket or folder cannot be read or written
 */
export async function fetchForecasts(source: ForecastSource, fetching: Fetching): Promise<SourceOutcome> {
  const present = new Set<string>();
  for await (const { key } of fetching.store.list(keyPrefix(source))) present.add(key);
  const fetched = source.dated === "lastModified" ? fetchOverwritten : fetchIssues;
  const files = await fetched(source, fetching, present);
  const awaited = lateSince(source, fetching.now, present);
  return { source: source.name, files, late: awaited && `no forecast of ${awaited} or later is there` };
}

/** @param present - keys that are there; those that land are added */
async function fetchIssues(source: ForecastSource, fetching: Fetching, present: Set<string>): Promise<FileOutcome[]> {
  const issues = issuesOf(source, fetching.now, fetching.lookBackDays ?? source.lookBackDays);
  const files: FileOutcome[] = [];
  let due = issues.flatMap((issued) => filesOf(source, issued)).filter(({ key }) => !present.has(key));
  if (source.listing === true && (due.length > 0 || source.leads === undefined)) {
    try {
      const listed = await filesListed(source, issues, fetching.patience);
      const isListed = new Set(listed.map(({ key }) => key));
      for (const { address, key } of due) if (!isListed.has(key)) files.push({ status: "missing", address, key });
      due = listed.filter(({ key }) => !present.has(key));
    } catch (error) {
      if (!isInputError(error, "BadAnswer")) throw error;
      return [{ status: "failed", address: source.address, key: source.key, why: error.message }];
    }
  }
  for (const file of due) files.push(await fetchDue(source, fetching, { file, files, present }));
  return files;
}

async function fetchDue(
  source: ForecastSource,
  fetching: Fetching,
  { file, files, present }: { file: DueFile; files: readonly FileOutcome[]; present: Set<string> },
): Promise<FileOutcome> {
  const { address, key } = file;
  if (fetching.dryRun === true) return { status: "due", address, key };
  if (isEnough(fetching, files)) return { status: "left", address, key };
  const fetched = await fetchFile(fetching, source, file);
  return isFile(fetched) ? await land(fetched, { address, key }, fetching, present) : fetched;
}

/** Fetches the only file of a source that is written anew for every issue, unless that of its day is there. */
async function fetchOverwritten(
  source: ForecastSource,
  fetching: Fetching,
  present: Set<string>,
): Promise<FileOutcome[]> {
  const { address, key: template } = source;
  if (fetching.dryRun === true) return [{ status: "due", address, key: template }];
  if (isEnough(fetching, [])) return [{ status: "left", address, key: template }];
  const wants = (validators: Validators) => {
    const key = keyOf(source, validators);
    return key === undefined || !present.has(key);
  };
  const fetched = await fetchFile(fetching, source, { address, key: template }, { wants });
  if (!isFile(fetched)) return [fetched];
  const key = keyOf(source, fetched.validators);
  if (key !== undefined) return [await land(fetched, { address, key }, fetching, present)];
  const why = `${address}: the server does not tell when it was changed, so its day is not known`;
  return [{ status: "failed", address, key: template, why }];
}

/** The key of a file that was changed on a day; undefined where that is not told. */
function keyOf(source: ForecastSource, { lastModified = "" }: Validators): string | undefined {
  const changed = Date.parse(lastModified);
  if (Number.isNaN(changed)) return undefined;
  const issued = dayText(changed / 1000);
  const [lead] = source.leads ?? [];
  return fileOf(source, lead === undefined ? { issued } : { issued, target: monthAfter(issued, lead) }).key;
}

/** Whoever else put it there has landed it as well: it is not written again, as that would start a second run. */
async function land(
  { body }: FetchedFile,
  { address, key }: { readonly address: string; readonly key: string },
  { store }: Fetching,
  present: Set<string>,
): Promise<FileOutcome> {
  await store.putIfAbsent(key, body);
  present.add(key);
  return { status: "landed", address, key, bytes: body.length };
}
