import { hash } from "node:crypto";
import { InputError, isInputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { jsonText, type ObjectStore, requireJson } from "../store/store.ts";
import { forecastLabel } from "./forecast-label.ts";
import { type InputRecord, inputRecord, type RunInputs } from "./inputs.ts";
import type { Product } from "./product.ts";
import { hasSeries, takeSeries } from "./series-holder.ts";

/**
 * `new`: only if nobody has begun this run. `resume`: take a begun run over and do what has no receipt; with none
 * begun, begin it. `force`: do every chunk again.
 */
export type RunMode = "new" | "resume" | "force";

export interface RunRequest {
  readonly product: Product;
  readonly mode: RunMode;
  /** Time of the row for now, `YYYY-MM-DD HH:MM:SS` UTC; the time of the claim by default. */
  readonly now?: string;
}

/** `runs/<runId>/claim.json`: who does the run, of what. */
export interface Claim {
  readonly runId: string;
  readonly product: string;
  readonly forecast: InputRecord;
  readonly observations: InputRecord;
  readonly stations: InputRecord;
  /** Time of the row for now. A resumed run keeps it, so that its files agree. */
  readonly now: string;
  /** The execution or process that claimed it. */
  readonly owner: string;
}

/** `claimed`: go on. `duplicate`: the run has been begun, as `claim` says; leave it. */
export interface ClaimResult {
  readonly status: "claimed" | "duplicate";
  readonly claim: Claim;
}

/**
 * Claims a run, so that of any number of events for the same inputs exactly one works.
 *
 * A step may be run again after its claim was written (a durable step is at-least-once), so a claim of the same owner
 * counts as claimed.
 *
 * @param clock - the time as `YYYY-MM-DD HH:MM:SS`, for a request that names none
 * @throws InputError `FileNotFound` for inputs; `BadOption` for a resume with another time than the run has
 */
export async function claimRun(
  store: ObjectStore,
  inputs: RunInputs,
  request: RunRequest,
  owner: string,
  clock: string,
): Promise<ClaimResult> {
  const [forecast, observations, stations] = await Promise.all([
    inputRecord(inputs.forecast),
    inputRecord(inputs.observations),
    inputRecord(inputs.stations),
  ]);
  const { product, mode } = request;
  const runId = runIdOf(product, forecast, observations, stations);
  const claim: Claim = {
    runId,
    product: product.name,
    forecast,
    observations,
    stations,
    now: request.now ?? clock,
    owner,
  };
  if (mode !== "new") return claimAs(store, claim, request);
  try {
    return await claimAs(store, claim, request);
  } catch (error) {
    // With its answer lost, or its series not taken, the claim may stand: the same event would then be a duplicate. Of
    // a folder that cannot be written all is known.
    if (error instanceof Error && !isInputError(error, "CannotWrite"))
      error.message += `. Run ${runId} may be claimed by now: resume it when this is mended`;
    throw error;
  }
}

async function claimAs(store: ObjectStore, claim: Claim, { product, mode, now }: RunRequest): Promise<ClaimResult> {
  const { runId, owner } = claim;
  const key = keys.claim(runId);
  const series = keys.holder(product.name, forecastLabel(claim.forecast.key).label);
  const take = async (taken: Claim): Promise<ClaimResult> => {
    await takeSeries(store, series, taken);
    return { status: "claimed", claim: taken };
  };
  if (await store.putIfAbsent(key, jsonText(claim))) return take(claim);
  if (mode === "force") {
    await store.put(key, jsonText(claim));
    return take(claim);
  }
  const found = await requireJson<Claim>(store, key);
  if (found.owner === owner) return take(found);
  switch (mode) {
    case "new":
      return { status: "duplicate", claim: found };
    case "resume":
      if (now !== undefined && now !== found.now) {
        throw new InputError("BadOption", `run ${runId} was begun with now ${found.now}, not ${now}`, {
          hint: "Resume it without a time, or force a new run with this one",
        });
      }
      if (await hasSeries(store, series, found)) return { status: "claimed", claim: found };
      // Another run has written over these series. With a new owner no receipt counts, so that all is done again.
      await store.put(key, jsonText({ ...found, owner }));
      return take({ ...found, owner });
  }
}

/**
 * The id of a run: product and forecast for people to read, and a hash of all that its bytes come from but the time:
 * the product's definition and the three inputs. So an event that is delivered twice has one id, and a corrected
 * station table another.
 */
function runIdOf(product: Product, forecast: InputRecord, observations: InputRecord, stations: InputRecord): string {
  const digest = hash("sha256", JSON.stringify([product, forecast, observations, stations].map(canonical)));
  const label = forecastLabel(forecast.key).label.replace(/[^A-Za-z0-9._-]/g, "_");
  return `${product.name}-${label}-${digest.slice(0, 12)}`;
}

/** The value with its objects' properties in order of name, so that equal values have equal JSON. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner)]),
  );
}
