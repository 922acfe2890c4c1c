import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { InputError } from "../errors.ts";
import { attempts, Passing, retryAfter } from "./attempts.ts";
import { type Answer, ask, eachChunk, type Patience, refused } from "./http.ts";

/** What a server calls a version of a file. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** What came of a download. */
export type Download =
  | { readonly status: "whole"; readonly bytes: number; readonly validators: Validators }
  /** It is still of the validators that are known. */
  | { readonly status: "unchanged" }
  /** There is none. */
  | { readonly status: "absent" }
  /** It is not wanted, by its headers. */
  | { readonly status: "unwanted" };

export interface DownloadOptions {
  readonly patience: Patience;
  readonly maxBytes: number;
  /** Of the file that is there already: it is not sent again. */
  readonly known?: Validators | undefined;
  /** Whether the file of these headers is wanted: its body is read only then. */
  readonly wants?: (validators: Validators) => boolean;
  /** Told how many bytes there are, of how many if that is known. */
  readonly onBytes?: (bytes: number, of: number | undefined) => void;
}

/** What is there of a file: the bytes of one version. */
interface Part {
  bytes: number;
  readonly validators: Validators;
}

/**
 * Downloads a file to `path`. What breaks off goes on where it was, on condition that the file is still the same; what was replaced
 * meanwhile is downloaded anew. At the end the server is asked whether the file is still that of the download, since one
 * that is written over in its place comes as a mix.
 *
 * @throws InputError `BadAnswer` for what the server sends in place of a file, `TooLarge`
 */
export async function download(address: string, path: string, options: DownloadOptions): Promise<Download> {
  const { patience } = options;
  const signal = AbortSignal.timeout(patience.totalMs);
  const file = openSync(path, "w");
  const state: State = { part: undefined, whole: undefined };
  const target = { address, file, state, options, signal };
  try {
    return await attempts(address, patience, signal, async () => {
      const found = state.whole ?? (await take(target));
      if (found.status === "whole") await requireStillSame(target, found);
      return found;
    });
  } finally {
    closeSync(file);
  }
}

type Whole = Extract<Download, { status: "whole" }>;

interface State {
  part: Part | undefined;
  /** Of which only that it is of one version is not known. */
  whole: Whole | undefined;
}

interface Target {
  readonly address: string;
  /** A descriptor. */
  readonly file: number;
  readonly state: State;
  readonly options: DownloadOptions;
  readonly signal: AbortSignal;
}

/** The conditions of a request: that of the rest of a part, or of a file that is not the known one. */
function conditions(part: Part | undefined, known: Validators = {}): Record<string, string> {
  const strong = part && strongOf(part.validators);
  if (part !== undefined && part.bytes > 0 && strong !== undefined) {
    return { range: `bytes=${part.bytes}-`, "if-range": strong };
  }
  return {
    ...(known.etag !== undefined && { "if-none-match": known.etag }),
    ...(known.lastModified !== undefined && { "if-modified-since": known.lastModified }),
  };
}

/** What names the bytes: a weak etag names no more than what is good for reading. */
function strongOf({ etag, lastModified }: Validators): string | undefined {
  return etag === undefined || etag.startsWith("W/") ? lastModified : etag;
}

async function take(target: Target): Promise<Download> {
  const { address, state, options, signal } = target;
  const answer = await ask(address, conditions(state.part, options.known), { ...options.patience, signal });
  try {
    return await takeFrom(answer, target);
  } finally {
    answer.body.destroy();
  }
}

async function takeFrom(answer: Answer, target: Target): Promise<Download> {
  const { status, headers } = answer;
  const { address, state, options } = target;
  switch (status) {
    case 200:
    case 206:
      break;
    case 304:
      return { status: "unchanged" };
    case 404:
    case 410:
      return { status: "absent" };
    case 416:
      state.part = undefined;
      throw new Passing("was replaced while it was read");
    default:
      throw failure(address, answer);
  }
  const validators = validatorsOf(headers);
  const from = status === 206 ? continued(headers, state, validators) : 0;
  if (from === 0) {
    if (options.wants?.(validators) === false) return { status: "unwanted" };
    state.part = { bytes: 0, validators };
    ftruncateSync(target.file);
  }
  const length = headers["content-length"];
  const bytes = await readBody(answer, state.part!, length === undefined ? undefined : from + Number(length), target);
  state.whole = { status: "whole", bytes, validators };
  return state.whole;
}

/** Where the rest of a file begins; the server may send none, or that of another version. */
function continued(headers: IncomingHttpHeaders, state: Target["state"], validators: Validators): number {
  const [, start] = /^bytes (\d+)-/.exec(headers["content-range"] ?? "") ?? [];
  const { part } = state;
  if (part !== undefined && Number(start) === part.bytes && isSame(part.validators, validators)) return part.bytes;
  state.part = undefined;
  throw new Passing("was replaced while it was read");
}

function failure(address: string, { status, headers }: Answer): Error {
  if (status === 429 || status >= 500) {
    return new Passing(`the server answers with status ${status}`, retryAfter(headers["retry-after"], Date.now()));
  }
  return refused(address, `the server answers with status ${status}`);
}

/** Writes the body behind what is there. @returns how many bytes there are then */
async function readBody(answer: Answer, part: Part, length: number | undefined, target: Target): Promise<number> {
  const { address, file, options } = target;
  const checkSize = (bytes: number) => {
    if (bytes <= options.maxBytes) return;
    throw new InputError("TooLarge", `has more than ${options.maxBytes} bytes`, {
      file: address,
      hint: "If it is the right file, raise maxMegabytes of its source",
    });
  };
  checkSize(length ?? 0);
  await eachChunk(answer, (chunk) => {
    checkSize(part.bytes + chunk.length);
    for (let done = 0; done < chunk.length; ) {
      const count = writeSync(file, chunk, done, chunk.length - done, part.bytes);
      done += count;
      part.bytes += count;
    }
    options.onBytes?.(part.bytes, length);
  });
  if (length === undefined || part.bytes === length) return part.bytes;
  throw new Passing(`breaks off after ${part.bytes} of ${length} bytes`);
}

/**
 * Asks for the file again, if it is another one. Without an answer to that nothing is whole: a server may fail just as it
 * replaces files. One that gives its files no versions cannot be asked.
 */
async function requireStillSame({ address, state, options, signal }: Target, { validators }: Whole): Promise<void> {
  if (validators.etag === undefined && validators.lastModified === undefined) return;
  const answer = await ask(address, conditions(undefined, validators), { ...options.patience, signal });
  answer.body.destroy();
  switch (answer.status) {
    case 304:
      return;
    case 200:
      if (isSame(validators, validatorsOf(answer.headers))) return;
      break;
    case 404:
    case 410:
      break;
    default:
      throw failure(address, answer);
  }
  state.part = undefined;
  state.whole = undefined;
  throw new Passing("was replaced while it was read");
}

function validatorsOf({ etag, "last-modified": lastModified }: IncomingHttpHeaders): Validators {
  return { etag, lastModified };
}

function isSame(one: Validators, other: Validators): boolean {
  return one.etag === other.etag && one.lastModified === other.lastModified;
}
