import { hash, randomUUID } from "node:crypto";
import { eachLimited } from "../each-limited.ts";
import { InputError } from "../errors.ts";
import { type CheckInput, finishGrid, storeTiles } from "../grid/compute.ts";
import type { GridDescription, TileChecksums } from "../grid/description.ts";
import type { TileRows } from "../grid/tiles.ts";
import { namedTileKey } from "../grid/zarr.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, jsonText, type ObjectStore, requireJson } from "../store/store.ts";
import { chunkName } from "./chunk-plan.ts";
import { normalsOf } from "./climatology-file.ts";
import type { RunInputs } from "./inputs.ts";
import { localArchive } from "./local-archive.ts";
import { withObservations } from "./observations.ts";
import type { BandRecord, Claim, PlannedBands, PlannedGrid } from "./records.ts";
import type { Run } from "./run.ts";

const READS_AT_ONCE = 16;

/** What a run's grid plan says: the grid, and its bands where it is made in several. */
export async function plannedGrid(
  { store, claim: { runId } }: Pick<Run, "store" | "claim">,
  grid: GridDescription,
  rows: readonly TileRows[],
): Promise<GridDescription & { readonly bands?: PlannedBands }> {
  if (rows.length === 1) return grid;
  const before = await getJsonIfWhole<PlannedGrid>(store, keys.gridPlan(runId));
  // What was made of a grid that is not whole yet is taken. One that was whole, and is gone, is made from its first tile.
  const isBegun = before?.id === grid.id && before.bands !== undefined && before.bands.made === undefined;
  return { ...grid, bands: { rows, token: isBegun ? before.bands.token : randomUUID() } };
}

/** What a band is made with: of a whole run, or of what a worker knows of it. */
export interface BandWork {
  readonly store: ObjectStore;
  readonly inputs: Pick<RunInputs, "observations" | "climatology">;
  readonly claim: Claim;
  /** Bytes of the grid that may be held at once. */
  readonly memoryBytes: number;
  /** Called again and again; what it throws ends the work. */
  readonly checkTime?: () => void;
}

/**
 * Makes a band of a run's grid: stores its tiles, then a record of them. Making it again writes the same bytes.
 *
 * @throws InputError `BadEvent` where the run's grid has no such band; `InputChanged` where an input was replaced since the run
 *   began; and as {@link storeTiles}
 */
export async function makeBand(work: BandWork, bandId: string): Promise<BandRecord> {
  const { store, inputs, claim, memoryBytes, checkTime = () => {} } = work;
  const { runId, observations } = claim;
  const { bands, ...grid } = await requireJson<PlannedGrid>(store, keys.gridPlan(runId));
  const rows = bands?.rows[Number(bandId) - 1];
  if (bands === undefined || rows === undefined) {
    const hint = `It has ${bands === undefined ? "none: the coordinator makes it" : bandIds(bands).join(", ")}`;
    throw new InputError("BadEvent", `the grid of ${runId} has no band ${bandId}`, { hint });
  }
  checkTime();
  const normals = await normalsOf(work, grid);
  const archive = await localArchive(inputs.observations, observations);
  const stored = await withObservations(archive, grid, (dataset) =>
    storeTiles(dataset, grid, store, { memoryBytes, normals: normals?.values, rows, onProgress: checkTime }),
  );
  const record: BandRecord = { runId, bandId, digest: digestOf(grid.id, bands, rows), ...stored };
  await store.put(keys.band(runId, bandId), jsonText(record));
  return record;
}

/** The bands of a planned run that have no record. */
export async function pendingBands(store: ObjectStore, runId: string): Promise<string[]> {
  const { bands, id } = await requireJson<PlannedGrid>(store, keys.gridPlan(runId));
  if (bands === undefined) return [];
  const records = await readBands({ store, runId, gridId: id }, bands);
  return bandIds(bands).filter((bandId) => !records.has(bandId));
}

/**
 * Makes the grid of its bands, its marker last.
 *
 * @param errors - why a band, by its id, could not be made
 * @throws InputError `BandsMissing` where not all are there
 */
export async function joinBands(
  { store, claim: { runId } }: Pick<Run, "store" | "claim">,
  { bands, ...grid }: PlannedGrid & { readonly bands: PlannedBands },
  errors: Readonly<Record<string, string>>,
  checkInput: CheckInput,
): Promise<void> {
  const records = await readBands({ store, runId, gridId: grid.id }, bands);
  const ids = bandIds(bands);
  const missing = ids.filter((bandId) => !records.has(bandId));
  if (missing.length > 0) {
    const why = missing.map((bandId) => `band ${bandId}: ${errors[bandId] ?? "it left no record"}`);
    throw new InputError(
      "BandsMissing",
      `${missing.length} of its ${ids.length} bands could not be made: ${why.join("; ")}`,
      {
        file: `grid ${grid.id}`,
        hint: "Correct the cause, then resume the run: it makes these alone",
      },
    );
  }
  const all = [...records.values()];
  const tiles: TileChecksums = Object.assign({}, ...all.map((record) => record.tiles));
  const sparseCells = all.reduce((sum, record) => sum + (record.sparseCells ?? 0), 0);
  const made: PlannedGrid = { ...grid, bands: { ...bands, made: true } };
  await finishGrid(store, grid, { tiles, sparseCells }, async () => {
    await checkInput();
    // Before the marker, so that no grid was ever whole whose records still count.
    await store.put(keys.gridPlan(runId), JSON.stringify(made));
  });
}

function bandIds({ rows }: PlannedBands): string[] {
  return rows.map((_, position) => chunkName(position));
}

/** The grid's id stands for all that its values come from. */
function digestOf(gridId: string, { token }: PlannedBands, rows: TileRows): string {
  return hash("sha256", JSON.stringify([gridId, token, rows]));
}

interface BandPlace {
  readonly store: ObjectStore;
  readonly runId: string;
  readonly gridId: string;
}

/**
 * The records that count, by band: those of that digest whose tiles are there. Tiles may have expired since, as a bucket
 * keeps runs longer than grids.
 */
async function readBands({ store, runId, gridId }: BandPlace, bands: PlannedBands): Promise<Map<string, BandRecord>> {
  const records = new Map<string, BandRecord>();
  const present = await keysBelow(store, keys.bands(runId));
  if (present.size === 0) return records;
  const tiles = await keysBelow(store, keys.grid(gridId, ""));
  await eachLimited(bandIds(bands), READS_AT_ONCE, async (bandId, position) => {
    const key = keys.band(runId, bandId);
    if (!present.has(key)) return;
    const record = await getJsonIfWhole<BandRecord>(store, key);
    if (record?.digest !== digestOf(gridId, bands, bands.rows[position]!)) return;
    const isThere = Object.keys(record.tiles).every((name) => tiles.has(namedTileKey(gridId, name)));
    if (isThere) records.set(bandId, record);
  });
  return records;
}

async function keysBelow(store: ObjectStore, prefix: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { key } of store.list(prefix)) found.add(key);
  return found;
}
