import { hash } from "node:crypto";
import { eachLimited } from "../each-limited.ts";
import type { StoredGrid } from "../grid/description.ts";
import { cellReader, type GridReader, gridReader } from "../grid/stored-grid.ts";
import { keys } from "../keys.ts";
import { lineStart, type SeriesFrame, seriesWriter } from "../series/series-csv.ts";
import { jsonText, type ObjectStore, parseJson, requireObject } from "../store/store.ts";
import { secondsSince, timeText } from "../time.ts";
import type { Warning } from "../warning.ts";
import type { ChunkPlan, PlannedStation, PlannedValue, Receipt } from "./chunk-records.ts";
import { keepSeries } from "./kept-series.ts";
import { plannedValue, valueOf } from "./planned-value.ts";
import { rebased, shiftReader, sizeOf } from "./rebase.ts";
import { requireSeries } from "./series-holder.ts";

export interface ChunkOptions {
  /** Puts under way at once. */
  readonly concurrency: number;
  /** Asked before each station; what it throws stops the chunk, with the CSVs written so far left in place. */
  readonly checkTime?: () => void;
  /** To be shared by the chunks of a thread or an instance, which are mostly of one grid. */
  readonly gridOf?: GridReader;
}

/**
 * Writes the CSVs of one chunk, then its receipt. Doing it again writes the same bytes.
 *
 * @throws InputError `Superseded` where another run has taken the series; `FileNotFound` or `BrokenFile` where the chunk,
 *   the grid or one of its tiles is gone or damaged
 */
export async function runChunk(
  store: ObjectStore,
  runId: string,
  chunkId: string,
  { concurrency, checkTime, gridOf = gridReader(store) }: ChunkOptions,
): Promise<Receipt> {
  const started = performance.now();
  const key = keys.chunk(runId, chunkId);
  const { body } = await requireObject(store, key);
  const chunk = parseJson<ChunkPlan>(key, body);
  const [grid] = await Promise.all([gridOf(chunk.grid), requireSeries(store, chunk.holder, chunk)]);
  const writer = seriesWriter(frameOf(chunk, grid));
  const seriesOf = cellReader(store, grid);
  // Stations come in order of cells: those of one cell follow each other.
  let last: { readonly cell: string; readonly history: Uint8Array } | undefined;
  const warnings: Warning[] = [];
  const use = { usable: 0, withoutObservations: 0, withoutForecast: 0 };
  const kept = new Map<string, Float32Array>();
  const bases = baseKeeper(store, grid, chunk);
  await eachLimited(chunk.stations, concurrency, async (station) => {
    checkTime?.();
    const anomalies = await seriesOf(station.cell);
    const forecast = await bases.forecastOf(station, anomalies);
    const cell = station.cell.join();
    if (last?.cell !== cell) last = { cell, history: writer.history(anomalies) };
    await store.put(station.key, writer.csv(last.history, forecast));
    // A copy, as it would hold the whole tile.
    if (chunk.keepSeries && !kept.has(cell)) kept.set(cell, anomalies.slice());
    warnings.push(...seriesWarnings(station, anomalies, forecast, chunk.missing));
    const [observed, ahead] = [hasValue(anomalies), hasValue(forecast)];
    if (observed && ahead) use.usable++;
    if (!observed) use.withoutObservations++;
    if (!ahead) use.withoutForecast++;
  });
  await requireSeries(store, chunk.holder, chunk);
  const receipt: Receipt = {
    runId,
    chunkId,
    digest: hash("sha256", body),
    stations: chunk.stations.length,
    use,
    warnings: warnings.toSorted(byStation),
    seconds: secondsSince(started),
    ...(chunk.keepSeries ? { series: keepSeries(kept) } : {}),
    ...bases.told(),
  };
  await store.put(keys.receipt(runId, chunkId), jsonText(receipt));
  return receipt;
}

/** Brings forecasts to the baseline of the observations, where the chunk asks for it, and keeps what a receipt tells of that. */
function baseKeeper(store: ObjectStore, grid: StoredGrid, { base }: ChunkPlan) {
  const shiftsOf = base && shiftReader(store, grid, base);
  const all: number[] = [];
  const written = new Map<string, readonly PlannedValue[]>();
  return {
    async forecastOf({ id, cell, forecast: planned }: PlannedStation, anomalies: Float32Array): Promise<number[]> {
      const forecast = planned.map(valueOf);
      if (base === undefined || shiftsOf === undefined) return forecast;
      const shifts = await shiftsOf(cell, anomalies);
      all.push(...shifts);
      if (!base.rebase) return forecast;
      const shifted = rebased(forecast, shifts, base);
      written.set(id, shifted.map(plannedValue));
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

function frameOf(chunk: ChunkPlan, { seconds }: StoredGrid): SeriesFrame {
  return {
    column: chunk.column,
    missing: chunk.missing,
    history: seconds.map((time) => lineStart(timeText(time))),
    gap: chunk.gapRow === null ? "" : `${lineStart(chunk.now)}${chunk.gapRow}\n`,
    leads: chunk.leads.map(lineStart),
  };
}

/** What the zeros of a series hide. */
function seriesWarnings(
  { id, cellLat, cellLon, distanceKm, forecast: planned }: PlannedStation,
  anomalies: Float32Array,
  forecast: readonly number[],
  missing: string,
): Warning[] {
  const about = { station: id, cell: { lat: cellLat, lon: cellLon }, distanceKm };
  let absent = 0;
  let infinite = forecast.filter(isInfinite).length;
  for (const value of anomalies) {
    if (Number.isNaN(value)) absent++;
    else if (isInfinite(value)) infinite++;
  }
  const warnings: Warning[] = [];
  if (absent === anomalies.length) {
    warnings.push({
      kind: "cellMissing",
      message: `its cell has no anomalies, as it has no observations, or none in the baseline: all are written ${missing}`,
      ...about,
    });
  } else if (absent > 0) {
    const message = `its cell lacks ${absent} of ${anomalies.length} months: they are written ${missing}`;
    warnings.push({ kind: "monthsMissing", message, ...about });
  }
  if (infinite > 0) {
    const message = `${infinite} of its anomalies and forecasts are infinite: they are written inf or -inf`;
    warnings.push({ kind: "valueInfinite", message, ...about });
  }
  const [absentLeads, lost] = [planned.filter((value) => value === null).length, forecast.filter(Number.isNaN).length];
  if (absentLeads > 0) {
    const message = `the forecast lacks ${absentLeads} of ${forecast.length} leads there: they are written ${missing}`;
    warnings.push({ kind: "forecastMissing", message, station: id });
  }
  if (lost > absentLeads) {
    const message = `${lost - absentLeads} of ${forecast.length} leads of the forecast cannot be rebased there, as the observations have no climatology: they are written ${missing}`;
    warnings.push({ kind: "forecastMissing", message, station: id });
  }
  return warnings;
}

function hasValue(values: Float32Array | readonly number[]): boolean {
  return !values.every(Number.isNaN);
}

function isInfinite(value: number): boolean {
  return Math.abs(value) === Infinity;
}
