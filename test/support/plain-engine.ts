import { makeBand } from "../../lib/run/bands.ts";
import type { Engine } from "../../lib/run/engine.ts";
import type { Reports } from "../../lib/run/pipeline.ts";
import type { Manifest, RunEntry } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { runChunk } from "../../lib/run/run-chunk.ts";

/** No page, and no index. */
export const NO_REPORTS: Reports = {
  page: async ({ claim }) => ({ runId: claim.runId }) as RunEntry,
  index: async () => {},
};

/** An engine in this process, with a note of what it was asked, and `fails` for the steps and bands (`band 0002`) that are to fail. */
export function plainEngine(run: Run, fails: Readonly<Record<string, Error>> = {}) {
  const asked: string[] = [];
  const told: Manifest[] = [];
  const engine: Engine = {
    async step(name, work) {
      asked.push(name);
      const error = fails[name];
      if (error !== undefined) throw error;
      return work(run);
    },
    async chunks({ runId, chunkIds, grid }) {
      asked.push(`chunks ${chunkIds.join()}`);
      for (const id of chunkIds) await runChunk(run.store, runId, id, { concurrency: 1, grid });
      return { errors: {}, retries: 0 };
    },
    async bands({ bandIds }) {
      asked.push(`bands ${bandIds.join()}`);
      const errors: Record<string, string> = {};
      const { memoryBytes } = run.limits;
      for (const id of bandIds) {
        const error = fails[`band ${id}`];
        if (error === undefined) await makeBand({ ...run, memoryBytes }, id);
        else errors[id] = error.message;
      }
      return { errors, retries: 0 };
    },
    ended: (manifest) => told.push(manifest),
  };
  return { engine, asked, told };
}
