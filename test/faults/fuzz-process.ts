import { writeFileSync } from "node:fs";
import { connect, peakMiB, processorSeconds } from "../support/processes.ts";
import { type Fuzzed, fuzzers, type Parser, readWhole } from "./fuzzers.ts";

/** What is asked of this process: the mutation of a seed, or a file as it is. */
export interface FuzzTask {
  readonly mutation?: { readonly parser: Parser; readonly seed: number };
  /** Where the file of the mutation may be written, or the file is. */
  readonly path: string;
}

export interface FuzzAnswer extends Fuzzed {
  /** Of processor time. */
  readonly seconds: number;
  /** Most memory that it took on top of what was in use before. */
  readonly grownMiB: number;
}

const linux = process.platform === "linux";

connect(process, async (payload): Promise<FuzzAnswer> => {
  const { mutation, path } = payload as FuzzTask;
  // The peak starts again from what is in use now.
  if (linux) writeFileSync("/proc/self/clear_refs", "5");
  const before = linux ? peakMiB() : 0;
  const started = processorSeconds();
  const fuzzed = await (mutation === undefined ? readWhole(path) : fuzzers[mutation.parser](mutation.seed, path));
  return { ...fuzzed, seconds: processorSeconds() - started, grownMiB: linux ? peakMiB() - before : 0 };
});
