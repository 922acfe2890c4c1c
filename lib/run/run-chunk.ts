import { hash } from "node:crypto";
import { eachLimited } from "../each-limited.ts";
import type { StoredGrid } from "../grid/description.ts";
import type { WeightedCell } from "../grid/station-method.ts";
import { type GridReader, gridReader } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import { lineStart, type TailFrame, tailWriter } from "../series/series-csv.ts";
import { Rooms } from "../store/rooms.ts";
import { jsonText, type ObjectStore, parseJson, requireObject } from "../store/store.ts";
import { secondsSince } from "../time.ts";
import type { Warning } from "../warning.ts";
import { type CellHistory, historyReader } from "./cell-histories.ts";
import type { ChunkPlan, PlannedStation, PlannedValue, Receipt } from "./chunk-records.ts";
import type { GridState } from "./grid-step.ts";
import { plannedValue, valueOf } from "./planned-value.ts";
import { rebased, shiftReader, sizeOf } from "./rebase.ts";
import { seriesWarnings } from "./series-warnings.ts";
import { nameOf } from "./station-series.ts";

export interface ChunkOptions {
  /** Puts under way at once. */
  readonly concurrency: number;
  /** Asked before each station; what it throws stops the chunk, with the CSVs written so far left in place. */
  readonly checkTime?: () => void;
  /** To be shared by the chunks of a thread or an instance, which are mostly of one grid. */
  readonly gridOf?: GridReader;
  /** To be shared in the same way; by default the chunk's own. */
  readonly rooms?: ChunkRooms;
  /** Whether the grid was there, by default, or was computed by this run: then nothing of it can be kept beside it. */
  readonly grid?: GridState;
}

/** Memory for the histories of a group of cells, and for CSVs that are being written. */
export class ChunkRooms implements Disposable {
  readonly groups = new Rooms();
  readonly csvs = new Rooms();

  [Symbol.dispose](): void {
    this.groups[Symbol.dispose]();
    this.csvs[Symbol.dispose]();
  }
}

/**
 * Writes the CSVs of one chunk, then its receipt. Doing it again writes the same bytes.
 *
 * @throws InputError `FileNotFound` or `BrokenFile` where the chunk, the grid or one of its tiles is gone or damaged
 */
export async function runChunk(
  store: ObjectStore,
  runId: string,
  chunkId: string,
  {
    concurrency,
    checkTime,
    gridOf = gridReader(store),
    rooms = new ChunkRooms(),
    grid: state = "stored",
  }: ChunkOptions,
): Promise<Receipt> {
  const started = performance.now();
  const key = keys.chunk(runId, chunkId);
  const { body } = await requireObject(store, key);
  const chunk = parseJson<ChunkPlan>(key, body);
  const grid = await gridOf(chunk.grid);
  const histories = historyReader(store, grid, chunk, state === "computed");
  const tailOf = tailWriter(frameOf(chunk));
  const warnings: Warning[] = [];
  const rows = grid.about.weekly === undefined ? "months" : "weeks";
  const cells: Record<string, readonly WeightedCell[]> = {};
  const use = { usable: 0, withoutObservations: 0, withoutForecast: 0 };
  const bases = baseKeeper(store, grid.about, chunk);

  async function write(station: PlannedStation, history: CellHistory): Promise<void> {
    const forecast = await bases.forecastOf(station, history);
    await putJoined(store, station.key, [history.text, tailOf(forecast)], rooms.csvs);
    warnings.push(...seriesWarnings(station, history, forecast, { ...chunk, rows }));
    if (station.cells !== undefined) cells[station.id] = (history.used ?? []).map((i) => station.cells![i]!);
    const [observed, ahead] = [history.missing < history.months, !forecast.every(Number.isNaN)];
    if (observed && ahead) use.usable++;
    if (!observed) use.withoutObservations++;
    if (!ahead) use.withoutForecast++;
  }

  const room = rooms.groups.take(histories.most);
  try {
    for (const group of histories.groupsOf(chunk.stations)) {
      const byPlace = await histories.read(group, room);
      await eachLimited(group.stations, concurrency, async (station) => {
        checkTime?.();
        await write(station, byPlace.get(nameOf(station))!);
      });
    }
  } finally {
    rooms.groups.give(room);
  }
  const receipt: Receipt = {
    runId,
    chunkId,
    digest: hash("sha256", body),
    stations: chunk.stations.length,
    use,
    warnings: warnings.toSorted(byStation),
    seconds: secondsSince(started),
    ...bases.told(),
    ...(chunk.method === undefined ? {} : { cells }),
  };
  await store.put(keys.receipt(runId, chunkId), jsonText(receipt));
  return receipt;
}

/** Writes both parts as one object. */
async function putJoined(
  store: ObjectStore,
  key: string,
  [first, second]: readonly [Uint8Array, Uint8Array],
  rooms: Rooms,
): Promise<void> {
  const length = first.length + second.length;
  const room = rooms.take(length);
  room.set(first);
  room.set(second, first.length);
  await store.put(key, room.subarray(0, length));
  rooms.give(room);
}

/** Brings forecasts to the baseline of the observations, where the chunk asks for it, and keeps what a receipt tells of that. */
function baseKeeper(store: ObjectStore, grid: StoredGrid, { base }: ChunkPlan) {
  const shiftsOf = base && shiftReader(store, grid, base);
  const all: number[] = [];
  const written = new Map<string, readonly PlannedValue[]>();
  return {
    async forecastOf(station: PlannedStation, history: CellHistory): Promise<number[]> {
      const forecast = station.forecast.map(valueOf);
      if (base === undefined || shiftsOf === undefined) return forecast;
      const shifts = await shiftsOf(station, history);
      all.push(...shifts);
      if (!base.rebase) return forecast;
      const shifted = rebased(forecast, shifts, base);
      written.set(station.id, shifted.map(plannedValue));
      return shifted;
    },
    told(): Pick<Receipt, "baseShift" | "rebased"> {
      if (base === undefined) return {};
      return { baseShift: sizeOf(all), ...(base.rebase ? { rebased: Object.fromEntries(written) } : {}) };
    },
  };
}

function byStation({ station: a = "" }: Warning, { station: b = "" }: Warning): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function frameOf(chunk: ChunkPlan): TailFrame {
  const { times } = chunk;
  return {
    missing: chunk.missing,
    gap: chunk.gapRow === null ? "" : `${lineStart(chunk.now, times)}${chunk.gapRow}\n`,
    leads: chunk.leads.map((lead) => lineStart(lead, times)),
  };
}
