import { messageOf } from "../../lib/errors.ts";
import type { Extent } from "../../lib/grid/region.ts";
import { gridReader } from "../../lib/grid/stored-grid.ts";
import { keys } from "../../lib/keys.ts";
import type { RunMode } from "../../lib/run/claim.ts";
import type { ChunkWork, Engine, StepName } from "../../lib/run/engine.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import type { Manifest } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { ChunkRooms, runChunk } from "../../lib/run/run-chunk.ts";
import { sweepFolder } from "../../lib/store/growing.ts";
import { folderPlace } from "../../lib/store/place.ts";
import { folderPresence, machinePresence } from "../../lib/store/presence.ts";
import { requireJson } from "../../lib/store/store.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { claimLocally } from "./claim.ts";
import { rememberingHash } from "./known-digests.ts";
import { inputsOf, type NamedFiles, productOf } from "./named-files.ts";
import { openInput, openStore } from "./places.ts";
import { loadProducts } from "./products.ts";
import type { Progress } from "./progress.ts";
import type { LocalResult } from "./result.ts";

export interface LocalRun extends NamedFiles {
  /** Folder with the layout of the output bucket; or such a bucket, `s3://bucket`, or prefix of one, `s3://bucket/prefix`. */
  readonly out: string;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly now?: string;
  /** In place of the product's own. */
  readonly grid?: Extent;
  readonly mode: RunMode;
  /** MiB of the grid that is held at once. */
  readonly gridMemory: number;
}

/**
 * Does one run on this machine, over a folder or a bucket: the same steps as the coordinator's, in this process.
 *
 * @throws InputError for wrong inputs, and then a run that was claimed has a manifest with status `failed`; `RunClaimed`,
 *   `Superseded`, `CannotWrite`, `NoAccess`
 */
export async function runLocally(request: LocalRun, progress: Progress): Promise<LocalResult> {
  const defined = productOf(await loadProducts(request.products), request.product);
  const product = request.grid === undefined ? defined : { ...defined, grid: request.grid };
  const store = await openStore(request.out);
  const isFolder = folderPlace(request.out).kind === "path";
  const sweep = () => isFolder && sweepFolder(request.out);
  sweep();
  await using downloads = new TemporaryFolder();
  const hashLarge = isFolder ? rememberingHash(store) : undefined;
  const fileOf = (place: string) => openInput(place, downloads, hashLarge);
  const inputs = inputsOf(request, product, fileOf);
  const { mode, now } = request;
  using presence = isFolder ? folderPresence(request.out) : machinePresence();
  try {
    progress.stage("claim");
    const startedAt = Date.now();
    const asked = { product, mode, ...(now === undefined ? {} : { now }), presence, progress };
    const claim = await claimLocally(store, inputs, asked);
    const seconds = (Date.now() - startedAt) / 1000;
    const run: Run = {
      store,
      inputs,
      product,
      claim,
      limits: { memoryBytes: request.gridMemory * 2 ** 20 },
      onProgress: (part) => progress.part(part),
    };
    const engine = localEngine(run, isFolder ? 1 : BUCKET_PUTS, progress);
    const { status, error, cause } = await carryOut({ claim, startedAt, seconds }, engine, writePage);
    if (cause !== undefined) throw cause;
    await store.flush?.([keys.table(claim.runId), keys.page(claim.runId)]);
    const manifest = await requireJson<Manifest>(store, keys.manifest(claim.runId));
    const unsaid = status === "complete" && error !== undefined ? { unsaid: error } : {};
    return { manifest, chunksKept: engine.chunksKept(), ...unsaid };
  } finally {
    progress.stop();
    sweep();
  }
}

/** Series that are written at once: to a bucket most of that time is waiting, to a folder none. */
const BUCKET_PUTS = 32;

/** The engine of one process: a step is a stage of the progress, and chunks follow each other. */
function localEngine(run: Run, concurrency: number, progress: Progress): Engine & { chunksKept(): number } {
  const quiet: ReadonlySet<StepName> = new Set(["fail", "warn"]);
  let kept = 0;
  return {
    async step(name, work) {
      if (!quiet.has(name)) progress.stage(name);
      return work(run);
    },
    async chunks({ runId, chunkIds, chunks, grid, stations: { planned, left } }: ChunkWork) {
      progress.stage("series");
      kept = chunks - chunkIds.length;
      let written = planned - left;
      const gridOf = gridReader(run.store);
      using rooms = new ChunkRooms();
      const errors: Record<string, string> = {};
      for (const chunkId of chunkIds) {
        try {
          const { stations } = await runChunk(run.store, runId, chunkId, { concurrency, gridOf, rooms, grid });
          progress.part((written += stations) / planned);
        } catch (error) {
          errors[chunkId] = messageOf(error);
        }
        // Writing to a folder never waits: let progress be drawn, and signals be seen.
        await new Promise(setImmediate);
      }
      // What the manifest calls written is to outlive it.
      await run.store.flush?.();
      return { errors, retries: 0 };
    },
    chunksKept: () => kept,
  };
}

/** Loaded late, as only a run that has ended needs it. */
async function writePage(run: Run): Promise<void> {
  const { writeReport } = await import("../../lib/report/write.ts");
  return writeReport(run);
}
