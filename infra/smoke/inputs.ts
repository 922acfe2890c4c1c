import { readFileSync } from "node:fs";
import { InputError } from "../../lib/errors.ts";
import { inputKeys } from "../../lib/keys.ts";
import { fileName } from "../../lib/run/product.ts";
import type { SampleFiles } from "../../lib/sample/sample.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { clockText } from "../../lib/time.ts";
import type { Deployment } from "./deployment.ts";

/** Below this the forecasts of smoke tests are, which start runs as all do, and are easily removed. */
export const FORECASTS = `${inputKeys.forecasts}smoke/`;

/**
 * Puts the made inputs where the deployment reads them, the forecast last: it starts the run. Its key is new each time, as a
 * run of the very inputs of an earlier one would be a duplicate of that.
 *
 * @param now - milliseconds since 1970
 * @returns the forecast's key
 * @throws InputError `CannotWrite` where the deployment has inputs of its own, of which none is replaced
 */
export async function uploadInputs(
  { input, observationsKey, stationsKey }: Deployment,
  files: SampleFiles,
  now: number,
): Promise<string> {
  const kept = [
    { key: observationsKey, body: readFileSync(files.observations) },
    { key: stationsKey, body: readFileSync(files.stations) },
  ];
  const missing = [];
  for (const file of kept) if (!(await hasAlready(input, file))) missing.push(file);
  for (const { key, body } of missing) await input.put(key, body);
  const forecastKey = `${FORECASTS}${clockText(now).replaceAll(/\D/g, "")}/${fileName(files.forecast)}`;
  await input.put(forecastKey, readFileSync(files.forecast));
  return forecastKey;
}

/** Whether the very bytes are there; others are the user's. */
async function hasAlready(store: ObjectStore, { key, body }: { key: string; body: Buffer }): Promise<boolean> {
  for await (const { key: found, size } of store.list(key)) {
    if (found !== key) continue;
    if (size === body.length && body.equals((await store.get(key))?.body ?? new Uint8Array())) return true;
    throw new InputError("CannotWrite", "is there, and is no made input, so nothing was uploaded", {
      file: `${store.name}/${key}`,
      hint: "This test is for a deployment without inputs of its own. Make another beside it with -c stackName=Smoke",
    });
  }
  return false;
}
