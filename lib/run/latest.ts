import { isInputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { jsonText, type ObjectStore, parseJson, type StoredObject } from "../store/store.ts";
import { swap } from "../store/swap.ts";
import type { ForecastRecord, Latest } from "./records.ts";

/**
 * Moves a product's `latest.json` forward, unless it is of a newer forecast, or of the same one in a run that was claimed
 * later. Several runs may end at once, so the very object that was found to be no newer is swapped, and no other.
 */
export async function moveLatest(store: ObjectStore, product: string, latest: Latest): Promise<void> {
  const key = keys.latest(product);
  await swap(store, key, async (found) =>
    found !== undefined && isNewer(key, found, latest) ? undefined : jsonText(latest),
  );
}

/** Whether what was found is of a newer forecast, or run; what is broken, or no latest.json, is not. */
function isNewer(key: string, { body }: StoredObject, { forecast, claimedAt = "" }: Latest): boolean {
  try {
    const there = parseJson<{ forecast?: Partial<ForecastRecord> | null; claimedAt?: unknown }>(key, body);
    const [age, own] = [ageOf(there.forecast ?? {}), ageOf(forecast)!];
    if (age === undefined || age !== own) return age !== undefined && age > own;
    return typeof there.claimedAt === "string" && there.claimedAt > claimedAt;
  } catch (error) {
    if (isInputError(error, "BrokenFile")) return false;
    throw error;
  }
}

/**
 * Sorts as the forecasts' age does: by the day of issue where the name tells it, then by the first target. Undefined for
 * what names no target, as none of our own does.
 */
function ageOf({ issued, targets }: Partial<ForecastRecord>): string | undefined {
  const target: unknown = Array.isArray(targets) ? targets[0] : undefined;
  if (typeof target !== "string") return undefined;
  return `${issued ?? target.slice(0, 10).replaceAll("-", "")} ${target}`;
}
