import { messageOf } from "../../lib/errors.ts";
import type { Extent } from "../../lib/grid/choices.ts";
import { gridReader } from "../../lib/grid/stored-grid.ts";
import { keys } from "../../lib/keys.ts";
import { draftClaim, type RunMode } from "../../lib/run/claim.ts";
import type { ChunkWork, Engine, StepName } from "../../lib/run/engine.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut, type Reports } from "../../lib/run/pipeline.ts";
import type { Product } from "../../lib/run/product.ts";
import type { Manifest } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { ChunkRooms, runChunk } from "../../lib/run/run-chunk.ts";
import { sweepFolder } from "../../lib/store/growing.ts";
import { folderPlace } from "../../lib/store/place.ts";
import { folderPresence, machinePresence } from "../../lib/store/presence.ts";
import { requireJson } from "../../lib/store/store.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { clockText } from "../../lib/time.ts";
import { claimLocally } from "./claim.ts";
import { hashLargeFile } from "./files.ts";
import { rememberingHash } from "./known-digests.ts";
import { collectGarbage } from "./memory.ts";
import { inputsOf, type NamedFiles, productOf, type SharedInputs } from "./named-files.ts";
import { openArchive, openBeside, openInput, openStore } from "./places.ts";
import { loadProducts } from "./products.ts";
import { type Progress, silent } from "./progress.ts";
import type { LocalResult } from "./result.ts";

/** Runs that differ in their forecasts alone. */
export interface LocalRuns extends Omit<NamedFiles, "forecast"> {
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

export interface LocalRun extends LocalRuns {
  readonly forecast: string;
}

/** What can be done with one forecast after another. Their other inputs are opened once. */
export interface OpenRuns {
  readonly product: Product;
  /** Names of the inputs that all runs share, as errors say them. */
  readonly shared: ReadonlySet<string>;
  /**
   * Does the run of a forecast.
   *
   * @throws InputError as {@link runLocally}
   */
  run(forecast: string, progress: Progress): Promise<LocalResult>;
  /** The digest of a forecast's bytes. @throws InputError `FileNotFound` */
  etagOf(forecast: string): Promise<string>;
  /** The manifest of the run of a forecast, where that is complete. @throws InputError `FileNotFound` for its inputs */
  complete(forecast: string): Promise<Manifest | undefined>;
}

/**
 * Does one run on this machine, over a folder or a bucket: the same steps as the coordinator's, in this process.
 *
 * @throws InputError for wrong inputs, and then a run that was claimed has a manifest with status `failed`; `RunClaimed`,
 *   `Superseded`, `CannotWrite`, `NoAccess`
 */
export async function runLocally({ forecast, ...shared }: LocalRun, progress: Progress): Promise<LocalResult> {
  return withRuns(shared, (runs) => runs.run(forecast, progress));
}

/** Opens what runs share, for the time of `use`. @throws InputError for a wrong product, and names that lead nowhere */
export async function withRuns<T>(request: LocalRuns, use: (runs: OpenRuns) => Promise<T>): Promise<T> {
  const defined = productOf(await loadProducts(request.products), request.product);
  const product = request.grid === undefined ? defined : { ...defined, grid: request.grid };
  const store = await openStore(request.out);
  const isFolder = folderPlace(request.out).kind === "path";
  const sweep = () => isFolder && sweepFolder(request.out);
  sweep();
  await using downloads = new TemporaryFolder();
  // Runs share inputs, and each shows what it waits for.
  let shown = silent;
  const onHashed = (part: number) => shown.part(part);
  const hashLarge = isFolder ? rememberingHash(store, onHashed) : (path: string) => hashLargeFile(path, onHashed);
  const shared = inputsOf(request, product, {
    fileOf: (place) => openInput(place, downloads, hashLarge),
    archiveOf: (place) => openArchive(place, downloads, hashLarge),
  });
  using presence = isFolder ? folderPresence(request.out) : machinePresence();
  const { mode, now } = request;
  const asked = { product, ...(now === undefined ? {} : { now }) };

  const inputsFor = (forecast: string, folder: TemporaryFolder): RunInputs => ({
    ...shared,
    forecast: openInput(forecast, folder, hashLarge),
    beside: product.forecast.initialisations && openBeside(forecast, folder, hashLarge),
  });

  async function run(forecast: string, progress: Progress): Promise<LocalResult> {
    // Of many forecasts in a bucket one is here at a time.
    await using folder = new TemporaryFolder();
    const inputs = inputsFor(forecast, folder);
    try {
      progress.stage("claim");
      shown = progress;
      const startedAt = Date.now();
      const claim = await claimLocally(store, inputs, { ...asked, mode, presence, progress });
      const seconds = (Date.now() - startedAt) / 1000;
      const limits = { memoryBytes: request.gridMemory * 2 ** 20 };
      const of: Run = { store, inputs, product, claim, limits, onProgress: (part) => progress.part(part) };
      const engine = localEngine(of, isFolder ? 1 : BUCKET_PUTS, progress);
      const { status, error, cause } = await carryOut({ claim, startedAt, seconds }, engine, lateReports);
      if (cause !== undefined) throw cause;
      const manifest = await requireJson<Manifest>(store, keys.manifest(claim.runId));
      const unsaid = status === "complete" && error !== undefined ? { unsaid: error } : {};
      return { manifest, chunksKept: engine.chunksKept(), ...unsaid };
    } finally {
      shown = silent;
      progress.stop();
      sweep();
    }
  }

  async function etagOf(forecast: string): Promise<string> {
    await using folder = new TemporaryFolder();
    return await openInput(forecast, folder, hashLarge).etag();
  }

  async function complete(forecast: string): Promise<Manifest | undefined> {
    await using folder = new TemporaryFolder();
    const inputs = inputsFor(forecast, folder);
    const { runId } = await draftClaim(inputs, asked, { owner: presence.owner, clock: clockText(Date.now()) });
    const manifest = await findManifest(store, runId);
    return manifest?.status === "complete" ? manifest : undefined;
  }

  return await use({ product, shared: namesOf(request, shared), run, etagOf, complete });
}

/** What is shared, as the user names it and as it is called when it is open. */
function namesOf(named: LocalRuns, inputs: SharedInputs): ReadonlySet<string> {
  const { observations, stations, climatology, forecastClimatology, out } = named;
  const opened = [inputs.observations, inputs.stations, inputs.climatology, inputs.hindcasts].map(
    (input) => input?.key,
  );
  const all = [observations, stations, climatology, forecastClimatology, out, ...opened];
  return new Set(all.filter((name) => name !== undefined));
}

/** Series that are written at once: to a bucket most of that time is waiting, to a folder none. */
const BUCKET_PUTS = 32;

/** Stations whose plan leaves so much that is used no more that it is collected before V8 would. */
const MANY = 20_000;

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
      if (grid === "computed" || planned > MANY) collectGarbage();
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

/** Loaded late, as only a run that has ended needs them. */
const loadReports = async () => (await import("../../lib/report/reports.ts")).reports;
const lateReports: Reports = {
  page: async (run) => (await loadReports()).page(run),
  index: async (run, entry) => (await loadReports()).index(run, entry),
};
