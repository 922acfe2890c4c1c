import { keys } from "../../lib/keys.ts";
import type { RunMode } from "../../lib/run/claim.ts";
import type { ChunkWork, Engine, StepName } from "../../lib/run/engine.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import type { Manifest } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { sweepFolder } from "../../lib/store/growing.ts";
import { folderPlace } from "../../lib/store/place.ts";
import { requireJson } from "../../lib/store/store.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { claimLocally } from "./claim.ts";
import { inputsOf, type NamedFiles, productOf } from "./named-files.ts";
import { openInput, openStore } from "./places.ts";
import { loadProducts } from "./products.ts";
import type { Progress } from "./progress.ts";
import type { LocalResult } from "./result.ts";
import type { ThreadPool } from "./thread-pool.ts";

export interface LocalRun extends NamedFiles {
  /** Folder with the layout of the output bucket; or such a bucket, `s3://bucket`, or prefix of one, `s3://bucket/prefix`. */
  readonly out: string;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly now?: string;
  /** Worker threads. */
  readonly jobs: number;
  readonly mode: RunMode;
  /** MiB of the grid that is held at once. */
  readonly gridMemory: number;
}

/**
 * Does one run on this machine, over a folder or a bucket: the same steps as the coordinator's, with threads for invocations.
 *
 * @throws InputError for wrong inputs, and then a run that was claimed has a manifest with status `failed`; `RunClaimed`,
 *   `Superseded`, `CannotWrite`, `NoAccess`
 */
export async function runLocally(request: LocalRun, threads: ThreadPool, progress: Progress): Promise<LocalResult> {
  const product = productOf(await loadProducts(request.products), request.product);
  const store = await openStore(request.out);
  const sweep = () => folderPlace(request.out).kind === "path" && sweepFolder(request.out);
  sweep();
  await using downloads = new TemporaryFolder();
  const fileOf = (place: string) => openInput(place, downloads, (large) => threads.hash(large));
  const inputs = inputsOf(request, product, fileOf);
  const { mode, now } = request;
  try {
    progress.stage("claim");
    const startedAt = Date.now();
    const claim = await claimLocally(store, inputs, { product, mode, ...(now === undefined ? {} : { now }) }, progress);
    const seconds = (Date.now() - startedAt) / 1000;
    const run: Run = {
      store,
      inputs,
      product,
      claim,
      limits: { memoryBytes: request.gridMemory * 2 ** 20 },
      makeLanes: (task) => threads.gridLanes(task),
      onProgress: (part) => progress.part(part),
    };
    const engine = threadEngine(run, threads, progress);
    const { status, error, cause } = await carryOut({ claim, startedAt, seconds }, engine, writePage);
    if (cause !== undefined) throw cause;
    const manifest = await requireJson<Manifest>(store, keys.manifest(claim.runId));
    const unsaid = status === "complete" && error !== undefined ? { unsaid: error } : {};
    return { manifest, chunksKept: engine.chunksKept(), ...unsaid };
  } finally {
    progress.stop();
    sweep();
  }
}

/** The engine of one process: a step is a stage of the progress, and threads do the chunks. */
function threadEngine(run: Run, threads: ThreadPool, progress: Progress): Engine & { chunksKept(): number } {
  const quiet: ReadonlySet<StepName> = new Set(["fail", "warn"]);
  let kept = 0;
  return {
    async step(name, work) {
      if (!quiet.has(name)) progress.stage(name);
      return work(run);
    },
    async chunks({ runId, chunkIds, chunks, stations: { planned, left } }: ChunkWork) {
      progress.stage("series");
      kept = chunks - chunkIds.length;
      let written = planned - left;
      const errors = await threads.runChunks(runId, chunkIds, (stations) => {
        progress.part((written += stations) / planned);
      });
      return { errors: Object.fromEntries(errors), retries: 0 };
    },
    chunksKept: () => kept,
  };
}

/** Loaded late, while the threads are at work. */
async function writePage(run: Run): Promise<void> {
  const { writeReport } = await import("../../lib/report/write.ts");
  return writeReport(run);
}
