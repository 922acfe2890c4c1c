import { isInputError } from "../errors.ts";
import { keys } from "../keys.ts";
import { jsonText, type ObjectStore, parseJson, type StoredObject } from "../store/store.ts";
import type { RunPlan } from "./plan.ts";

/** `<product>/latest.json`: the newest forecast with a complete run. */
export interface Latest {
  readonly runId: string;
  readonly forecast: RunPlan["forecast"];
  /** Key of the manifest. */
  readonly manifest: string;
  /** Key of the CSV of a station, with {station} for its id. */
  readonly series: string;
}

/** More runs than ever end at once, each of which may come before this one. */
const ATTEMPTS = 10;

/**
 * Moves a product's `latest.json` forward, unless it is of a newer forecast. Runs of several forecasts may end at once,
 * so the very object that was found to be no newer is swapped, and no other.
 */
export async function moveLatest(store: ObjectStore, product: string, latest: Latest): Promise<void> {
  const key = keys.latest(product);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await store.get(key);
    if (found !== undefined && isNewer(key, found, latest)) return;
    const text = jsonText(latest);
    const moved =
      found === undefined ? await store.putIfAbsent(key, text) : await store.putIfMatch(key, text, found.etag);
    if (moved) return;
  }
  throw new Error(`${key} was replaced by others ${ATTEMPTS} times`);
}

/** Whether what was found is of a newer forecast; what is broken, or no latest.json, is not. */
function isNewer(key: string, { body }: StoredObject, { forecast }: Latest): boolean {
  try {
    const found = parseJson<Partial<Latest>>(key, body).forecast as Partial<Latest["forecast"]> | null | undefined;
    const [target] = Array.isArray(found?.targets) ? (found.targets as unknown[]) : [];
    if (typeof target !== "string") return false;
    return age({ label: "", issued: found?.issued ?? null, targets: [target] }) > age(forecast);
  } catch (error) {
    if (isInputError(error, "BrokenFile")) return false;
    throw error;
  }
}

/** Sorts as the forecasts' age does: by the day of issue where the name tells it, then by the first target. */
function age({ issued, targets }: RunPlan["forecast"]): string {
  return `${issued ?? (targets[0] ?? "").slice(0, 10).replaceAll("-", "")} ${targets[0] ?? ""}`;
}
