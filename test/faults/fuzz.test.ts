import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { forked } from "../support/fork.ts";
import { HANGS_MS } from "../support/guard.ts";
import { MUTATION_MIB } from "./budgets.ts";
import type { FuzzAnswer, FuzzTask } from "./fuzz-process.ts";
import { fuzzers, type Parser } from "./fuzzers.ts";
import { tally } from "./tally.ts";

/**
 * How many mutations each parser meets: some in `npm test`, 10 000 in `npm run test:faults`, or as many as
 * `FUZZ_MUTATIONS` says. `FUZZ_SEED` is the first of the seeds, one for each mutation.
 */
const MUTATIONS = Number(process.env["FUZZ_MUTATIONS"] ?? (process.env["FAULT_SEEDS"] === "all" ? 10_000 : 200));
const FIRST = Number(process.env["FUZZ_SEED"] ?? 1);

/** What no mutation of a file of at most 74 kB may take of processor time. */
const MOST_SECONDS = 5;

interface Fuzzing {
  /** Rejects where the process dies, or does not answer in time. */
  ask(seed: number): Promise<FuzzAnswer>;
}

/** A process of its own for the mutations, which some might kill. */
function start(parser: Parser): Fuzzing {
  const path = join(temporaryFolder(), "fuzzed");
  // HDF5 prints what it aborts of.
  const child = forked(new URL("fuzz-process.ts", import.meta.url), { quiet: true });
  onTestFinished(() => child.kill());
  return {
    async ask(seed) {
      const timer = setTimeout(() => void child.kill(), HANGS_MS);
      try {
        return await child.ask<FuzzAnswer>({ mutation: { parser, seed }, path } satisfies FuzzTask);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

test.each(Object.keys(fuzzers) as Parser[])(
  "mutations of %s are read or refused, in bounded time and memory",
  { timeout: 2 * HANGS_MS + MUTATIONS * 1000 },
  async (parser) => {
    const fuzzing = start(parser);
    const outcomes = new Map<string, number>();
    for (let seed = FIRST; seed < FIRST + MUTATIONS; seed++) {
      const answer = await fuzzing.ask(seed).catch((error: unknown) => {
        throw new Error(`the mutation FUZZ_SEED=${seed} ended its process`, { cause: error });
      });
      expect(answer.defect, `FUZZ_SEED=${seed}`).toBeUndefined();
      expect(answer.seconds, `FUZZ_SEED=${seed}`).toBeLessThan(MOST_SECONDS);
      expect(answer.grownMiB, `FUZZ_SEED=${seed}`).toBeLessThan(MUTATION_MIB[parser]);
      outcomes.set(answer.outcome, (outcomes.get(answer.outcome) ?? 0) + 1);
    }
    for (const [outcome, count] of outcomes)
      tally(
        `fuzzed ${parser}`,
        outcome === "read" || outcome === "left to the library" ? outcome : `refused (${outcome})`,
        count,
      );
    // Mutations that break nothing, or everything, would prove nothing.
    expect(outcomes.get("read")).toBeGreaterThan(0);
    expect(outcomes.size).toBeGreaterThan(1);
  },
);
