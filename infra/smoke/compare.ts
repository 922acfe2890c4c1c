import { eachLimited } from "../../lib/each-limited.ts";
import { InputError } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import type { Manifest, StationsRecord } from "../../lib/run/records.ts";
import { type ObjectStore, requireJson, requireObject } from "../../lib/store/store.ts";

/** A run, and where it is. */
export interface RunThere {
  readonly store: ObjectStore;
  readonly manifest: Manifest;
}

const AT_ONCE = 32;

/**
 * Compares the series of all stations, byte by byte.
 *
 * @returns how many there are
 * @throws InputError `NotExpected` for a run that is not complete, and for the first series that differs; `FileNotFound`
 */
export async function compareSeries(deployed: RunThere, local: RunThere): Promise<number> {
  const { store, manifest } = deployed;
  const { runId, status, error, missing } = manifest;
  if (status !== "complete") {
    throw new InputError("NotExpected", `the run is ${status}: ${error ?? missing[0]?.error}`, {
      file: `${store.name}/${keys.manifest(runId)}`,
    });
  }
  const { stations } = await requireJson<StationsRecord>(local.store, keys.stations(local.manifest.runId));
  await eachLimited(stations, AT_ONCE, async ({ id }) => {
    const [found, expected] = await Promise.all([seriesOf(deployed, id), seriesOf(local, id)]);
    if (Buffer.from(found.body).equals(expected.body)) return;
    throw new InputError("NotExpected", "differs from what this machine makes of the same inputs", {
      file: `${store.name}/${found.key}`,
      hint: "Give this test the settings observationsKey, stationsKey and baseline of the deployment, and run it from the very sources that were deployed",
    });
  });
  return stations.length;
}

async function seriesOf({ store, manifest }: RunThere, station: string) {
  const key = manifest.series!.replaceAll("{station}", station);
  return { key, ...(await requireObject(store, key)) };
}
