import { vi } from "vitest";
import { GRID_MEMORY_BYTES } from "../../../lib/grid/choices.ts";
import { type ClaimResult, claimRun, type RunMode } from "../../../lib/run/claim.ts";
import type { RunInputs } from "../../../lib/run/inputs.ts";
import { carryOut, type RunOutcome } from "../../../lib/run/pipeline.ts";
import type { Run } from "../../../lib/run/run.ts";
import { runChunk } from "../../../lib/run/run-chunk.ts";
import type { InputFile } from "../../../lib/store/input-file.ts";
import { clockText } from "../../../lib/time.ts";
import { archive, PRODUCT, stationTable } from "../../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf } from "../../support/classic.ts";
import { NO_REPORTS } from "../../support/plain-engine.ts";
import type { Actor } from "./world.ts";

/** The forecast that a run is of: `first` and `second` have one name and other values, the others are of the days around. */
export type ForecastName = "first" | "second" | "older" | "newer";

export interface Asked {
  readonly mode: RunMode;
  readonly forecast?: ForecastName;
  readonly now?: string;
  /** Whether the lease has ended by the time of anyone who starts later. */
  readonly isShort?: boolean;
  /** Whether its last chunk fails: its run is then partial, if no other does the chunk. */
  readonly isPoor?: boolean;
}

/** How an actor ended. */
export type ActorEnd = RunOutcome | Extract<ClaimResult, { status: "duplicate" }>;

const forecastOf = (value: number) => {
  const axes = { time: monthsOf(1997, 6), lat: latitudes(20, 21), lon: longitudes(100, 101) };
  return classicFile({
    variable: PRODUCT.forecast.variable,
    axes,
    values: [value, value + 0.25, value + 0.5, value + 0.75],
  });
};

/** An input whose etag is its path. */
const input = (path: string, key: string): InputFile => ({
  key,
  etag: () => Promise.resolve(path),
  size: () => Promise.resolve(1),
  path: () => Promise.resolve(path),
});

/** The files that all runs read; removed when the test ends. */
export function makeInputs(): Record<ForecastName, RunInputs> {
  const months = counting(0, 87);
  const shared = {
    observations: input(archive([20, 21], [100, 101], months), "observations/o.nc"),
    stations: input(stationTable("1,x,20,100", "2,y,21,101"), "stations/s.csv"),
  };
  const file = (value: number, day: number) => ({
    ...shared,
    forecast: input(forecastOf(value), `forecasts/CFSv2.Prec.199705${day}.199707.nc`),
  });
  return { first: file(1, 20), second: file(2, 20), older: file(3, 19), newer: file(4, 21) };
}

/** Noon of a day, and a minute later for everyone who has started. */
const clockOf = (started: number) => Date.UTC(1997, 5, 20, 12, started);

/**
 * One who claims a run and sees it to its end, as the coordinator and its workers do, in the code that is deployed. The engine is
 * the least that there is: steps are done once, chunks one after the other.
 */
export function actor(
  name: string,
  position: number,
  { mode, now, isShort = false, isPoor = false }: Asked,
  inputs: RunInputs,
): Actor {
  return {
    name,
    async act(store): Promise<ActorEnd> {
      // Who has started last is the one whose time it is.
      vi.setSystemTime(clockOf(position));
      const clock = clockText(Date.now());
      const request = { product: PRODUCT, mode, ...(now === undefined ? {} : { now }) };
      const leaseUntil = isShort ? clock : clockText(Date.now() + 24 * 3_600_000);
      const claimed = await claimRun(store, inputs, request, { owner: name, clock, leaseUntil });
      if (claimed.status === "duplicate") return claimed;
      const limits = { memoryBytes: GRID_MEMORY_BYTES, chunkSize: 1 };
      const run: Run = { store, inputs, product: PRODUCT, claim: claimed.claim, limits };
      return carryOut({ claim: claimed.claim, startedAt: Date.now(), seconds: 0 }, engineOf(run, isPoor), NO_REPORTS);
    },
  };
}

function engineOf(run: Run, isPoor: boolean): Parameters<typeof carryOut>[1] {
  return {
    step: (_, work) => work(run),
    async chunks({ runId, chunkIds }) {
      const errors: Record<string, string> = {};
      for (const id of chunkIds) {
        try {
          if (isPoor && id === "0002") throw new Error("the worker is gone");
          await runChunk(run.store, runId, id, { concurrency: 1 });
        } catch (error) {
          errors[id] = String(error);
        }
      }
      return { errors, retries: 0 };
    },
  };
}
