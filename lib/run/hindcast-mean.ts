import { hash } from "node:crypto";
import { keys } from "../keys.ts";
import { seal, unseal } from "../store/sealed.ts";
import type { ObjectStore } from "../store/store.ts";
import type { Forecast } from "./forecast.ts";
import type { ForecastMean } from "./full-field.ts";
import { localArchive } from "./local-archive.ts";
import type { Run } from "./run.ts";

/** The climatology of a run's forecast, and where it is kept, if it is by now. */
export interface FoundMean {
  readonly mean: ForecastMean;
  /** What messages call the hindcasts. */
  readonly file: string;
  readonly key: string;
  readonly kept: boolean;
}

/** Part of the digests: changes when the same hindcasts give another mean, so that what is kept of older ones is not used. */
const MEAN_VERSION = 1;

/**
 * The climatology of the forecast of a run: as a run with the same hindcasts has kept it, which then are not even fetched, or
 * else as it is made now. Nothing is written.
 *
 * @throws InputError as `meanOfHindcasts`, and for hindcasts that are others by now
 */
export async function hindcastMean({ store, inputs, product, claim }: Run, forecast: Forecast): Promise<FoundMean> {
  if (inputs.hindcasts === undefined || claim.hindcasts === undefined) {
    throw new TypeError(`run ${claim.runId} has no hindcasts, and its product needs them`);
  }
  const { key: file, etag } = claim.hindcasts;
  const { variable, climatology, baseline, units, select, ignoreValidRange } = product.forecast;
  const range = ignoreValidRange === true ? ["ignoreValidRange"] : [];
  const asked = [variable, climatology?.variable ?? null, baseline ?? null, units ?? null, select, ...range];
  const { initial, seconds, lat, lon, values } = forecast;
  const type = values instanceof Float32Array ? "float32" : "float64";
  const cells = [lat, lon].map((axis) => Array.from(axis.values));
  const of = [MEAN_VERSION, etag, asked, initial ?? null, Array.from(seconds), cells, type, forecast.units ?? null];
  const key = keys.hindcastMean(hash("sha256", JSON.stringify(of)).slice(0, 32));
  const found = await store.get(key, {});
  const sealed = found && unseal<Pick<ForecastMean, "years">>(key, found.body);
  if (sealed !== undefined) {
    // Copied, as values begin at addresses that are multiples of their size.
    const { buffer } = new Uint8Array(sealed.body);
    const means = type === "float32" ? new Float32Array(buffer) : new Float64Array(buffer);
    return { mean: { values: means, years: sealed.head.years }, file, key, kept: true };
  }
  const hindcasts = await localArchive(inputs.hindcasts, claim.hindcasts);
  // Loaded late: most forecasts are anomalies already.
  const { meanOfHindcasts } = await import("./full-field.ts");
  return { mean: await meanOfHindcasts(forecast, product, hindcasts), file, key, kept: false };
}

/** Keeps the climatology for the runs to come. */
export async function keepMean(store: ObjectStore, { mean, key, kept }: FoundMean): Promise<void> {
  if (kept) return;
  const { buffer, byteOffset, byteLength } = mean.values;
  const body = new Uint8Array(buffer, byteOffset, byteLength);
  await store.put(key, seal(key, { head: { years: mean.years }, body }));
}
