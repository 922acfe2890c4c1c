import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isInputError } from "../errors.ts";
import type { ObjectStore } from "../store/store.ts";
import { checkFile } from "./check-file.ts";
import { type Download, type DownloadOptions, download, type Validators } from "./download.ts";
import type { Patience } from "./http.ts";
import { MOST_MEGABYTES, type Source } from "./source.ts";

/** What fetching is done with. */
export interface Fetching {
  /** The input bucket, or a folder in its place. */
  readonly store: ObjectStore;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly patience: Patience;
  /** A temporary folder, for downloads under way. */
  readonly folder: string;
  /** How far back forecasts are looked for, in the place of what their sources say. */
  readonly lookBackDays?: number | undefined;
  /** Whether nothing is downloaded: what would be is told as `due`. */
  readonly dryRun?: boolean | undefined;
  /** Whether there is time for another file. */
  readonly hasTime?: () => boolean;
  /** Told of each source before it is fetched. */
  readonly onSource?: (source: Source) => void;
  /** Told which file is downloaded, and how many bytes of it there are. */
  readonly onBytes?: (address: string, bytes: number, of: number | undefined) => void;
}

/** What came of one file of a source. */
export interface FileOutcome {
  /**
   * - `landed`: it is in the bucket now; `unchanged`: it was there, and the publisher has no newer one
   * - `missing`: the publisher has none yet, or any more; it is asked for again
   * - `failed`: what came is no such file, or nothing came; it is asked for again
   * - `left`: it was not asked for, as two files of this source failed, the time was over, or observations are not there yet
   * - `due`: it would have been asked for
   */
  readonly status: "landed" | "unchanged" | "missing" | "failed" | "left" | "due";
  readonly address: string;
  readonly key: string;
  readonly bytes?: number;
  /** Why it failed. */
  readonly why?: string;
}

/** What came of a source. */
export interface SourceOutcome {
  readonly source: string;
  readonly files: readonly FileOutcome[];
  /** What is late of it, a sentence; undefined where nothing is. */
  readonly late?: string | undefined;
  /** Whether observations are not there, of any age. */
  readonly absent?: boolean;
}

/** A file that came as it should be: its bytes, and what the publisher calls its version. */
export interface FetchedFile {
  readonly body: Uint8Array;
  readonly validators: Validators;
}

const FAILED_BEFORE_LEFT = 2;

/** Downloads a file of a source, and gives it if it is one that may land; else what came of it. */
export async function fetchFile(
  { patience, folder, onBytes }: Fetching,
  source: Source,
  { address, key }: { readonly address: string; readonly key: string },
  conditions: Pick<DownloadOptions, "known" | "wants"> = {},
): Promise<FetchedFile | FileOutcome> {
  const path = join(folder, randomUUID());
  const maxBytes = (source.maxMegabytes ?? MOST_MEGABYTES) * 2 ** 20;
  const told = (bytes: number, of: number | undefined) => onBytes?.(address, bytes, of);
  try {
    const got = await download(address, path, { patience, maxBytes, onBytes: told, ...conditions });
    if (got.status !== "whole") return { status: STATUS[got.status], address, key };
    await checkFile(path, address);
    return { body: readFileSync(path), validators: got.validators };
  } catch (error) {
    if (isInputError(error)) return { status: "failed", address, key, why: error.message };
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}

const STATUS = {
  absent: "missing",
  unchanged: "unchanged",
  unwanted: "unchanged",
} as const satisfies Record<Exclude<Download["status"], "whole">, FileOutcome["status"]>;

/** Whether what {@link fetchFile} gives is a file that may land. */
export function isFile(fetched: FetchedFile | FileOutcome): fetched is FetchedFile {
  return "body" in fetched;
}

/** Whether no further file of a source is asked for in this round: its server fails, or the time is over. */
export function isEnough({ hasTime }: Fetching, files: readonly FileOutcome[]): boolean {
  return hasTime?.() === false || files.filter(({ status }) => status === "failed").length >= FAILED_BEFORE_LEFT;
}
