import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What a disk answers: of `EIO` any call may fail, of the others those that write. */
export type DiskError = "EIO" | "ENOSPC" | "EROFS";

export interface DiskFault {
  readonly error: DiskError;
  /** The number of the call that fails, from 1 on. */
  readonly at: number;
  /** Whether all that follow fail as well. */
  readonly lasts: boolean;
}

/** Calls of a disk, counted, one of which may fail. */
export interface DiskCalls {
  /** The names of the calls so far. */
  readonly calls: readonly string[];
  /** How often the fault was met. */
  met(): number;
  /** From then on the disk is as it was. */
  end(): void;
}

/** Those that write where nothing has been, for which a full disk has no room. */
const GROWING = new Set(["mkdirSync", "mkdtempSync", "writeFileSync", "writeSync", "renameSync"]);
const WRITING = new Set([
  ...GROWING,
  "rmSync",
  "rmdirSync",
  "unlinkSync",
  "utimesSync",
  "fsyncSync",
  "fdatasyncSync",
  "rm",
]);
const READING = "closeSync existsSync fstatSync openSync readFile readFileSync readSync readdirSync statSync".split(
  " ",
);

/** Whether the disk refuses that very call, of those that a run makes, and not only a later one. */
export function isTried({ error, at }: DiskFault, calls: readonly string[]): boolean {
  return error === "EIO" || (error === "ENOSPC" ? GROWING : WRITING).has(calls[at - 1]!);
}

/** The functions of `node:fs`, by their names. */
type Functions = Record<string, (...args: unknown[]) => unknown>;

const TEXTS: Record<DiskError, string> = {
  EIO: "i/o error",
  ENOSPC: "no space left on device",
  EROFS: "read-only file system",
};

/**
 * Counts the calls by which this process reads and writes files below these folders, and has one of them fail. The files of
 * the program itself lie elsewhere.
 */
export function watchDisk(folders: readonly string[], fault?: DiskFault): DiskCalls {
  const calls: string[] = [];
  const files = new Set<number>();
  let met = 0;
  const isWatched = (target: unknown) =>
    typeof target === "number" ? files.has(target) : folders.some((folder) => String(target).startsWith(folder));

  /** The error of this call, if it is to fail. */
  function errorOf(name: string, [target, flags]: readonly unknown[]): Error | undefined {
    calls.push(name);
    if (fault === undefined || (fault.lasts ? calls.length < fault.at : calls.length !== fault.at)) return undefined;
    const isWrite = WRITING.has(name) || (name === "openSync" && flags !== "r");
    const isGrowth = GROWING.has(name) || (name === "openSync" && flags !== "r");
    if (fault.error === "ENOSPC" ? !isGrowth : fault.error === "EROFS" && !isWrite) return undefined;
    met += 1;
    const path = typeof target === "number" ? "" : ` '${String(target)}'`;
    const call = name.replace(/Sync$/, "");
    return Object.assign(new Error(`${fault.error}: ${TEXTS[fault.error]}, ${call}${path}`), { code: fault.error });
  }

  function faulty(real: (...args: unknown[]) => unknown, name: string, args: readonly unknown[]): unknown {
    const error = errorOf(name, args);
    if (error === undefined) return real(...args);
    // So much is done all the same.
    if (name === "writeFileSync" && fault?.error !== "EROFS") real(args[0], String(args[1]).slice(0, 10));
    if (name === "closeSync") real(...args);
    if (name === "existsSync") return false;
    throw error;
  }

  const replaced: (() => void)[] = [];
  function replace(all: Functions, name: string, isAsync: boolean): void {
    const real = all[name]!;
    const watched = (...args: unknown[]) => {
      if (!isWatched(args[0])) return real(...args);
      const result = faulty(real, name, args);
      if (name === "openSync") files.add(result as number);
      if (name === "closeSync") files.delete(args[0] as number);
      return result;
    };
    all[name] = isAsync ? async (...args: unknown[]) => watched(...args) : watched;
    replaced.push(() => (all[name] = real));
  }
  for (const name of [...WRITING, ...READING]) {
    const isAsync = !name.endsWith("Sync");
    replace((isAsync ? fs.promises : fs) as unknown as Functions, name, isAsync);
  }
  syncBuiltinESMExports();
  return {
    calls,
    met: () => met,
    end() {
      for (const restore of replaced) restore();
      syncBuiltinESMExports();
    },
  };
}

/** As an import of a process: what it is to watch is in its environment, as JSON. */
const { DISK_FAULT } = process.env;
if (DISK_FAULT !== undefined) {
  const { folders, fault } = JSON.parse(DISK_FAULT) as { folders: string[]; fault: DiskFault };
  watchDisk(folders, fault);
}
