import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import type { StationMethod } from "../../lib/grid/station-method.ts";
import { keys } from "../../lib/keys.ts";
import { reports } from "../../lib/report/reports.ts";
import type { ChunkPlan, Receipt } from "../../lib/run/chunk-records.ts";
import { claimRun } from "../../lib/run/claim.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import type { StationsRecord } from "../../lib/run/records.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { requireJson } from "../../lib/store/store.ts";
import { stationTable } from "./claimed-run.ts";
import { temporaryFolder } from "./folder.ts";
import { fixture, golden } from "./golden.ts";
import { fileInput } from "./inputs.ts";
import { plainEngine } from "./plain-engine.ts";

/** What xarray and CDO take of a field at a station by each method; null is missing. */
export interface MethodStation {
  readonly id: string;
  readonly nearest: Taken & { readonly cell: readonly [number, number] };
  /** Null for no cell. */
  readonly nearestValid: Taken & { readonly cell: readonly [number, number] | null };
  /** CDO's, null where it takes no bilinear mean. */
  readonly bilinear: Taken & {
    readonly cells: readonly (readonly [number, number, number])[] | null;
    readonly cdo: readonly (number | null)[] | null;
  };
  readonly boxDegrees: Taken & { readonly count: number };
  readonly boxKm: Taken & { readonly count: number };
}

interface Taken {
  readonly values: readonly (number | null)[];
}

interface MethodField {
  readonly lat: number[];
  readonly lon: number[];
  readonly stations: readonly MethodStation[];
}

export type MethodName = Exclude<keyof MethodStation, "id">;

export interface MethodsGolden {
  readonly km: number;
  readonly boxKm: number;
  readonly boxDegrees: number;
  readonly places: readonly (readonly [id: string, lat: number, lon: number])[];
  readonly global: MethodField;
  readonly regional: MethodField;
  readonly forecast: MethodField;
  /** Of the global archive in the months of the forecast, February and March, by station and method. */
  readonly normals: Readonly<Record<string, Readonly<Record<MethodName, readonly (number | null)[]>>>>;
  /** Of the global archive, by method and station. */
  readonly csv: Readonly<Record<MethodName, Readonly<Record<string, string>>>>;
}

const expected = golden<MethodsGolden>("methods/expected.json");
const { km, boxKm, boxDegrees, places } = expected;

/** The methods as a product says them. */
export const METHODS = {
  nearest: "nearest",
  nearestValid: { nearestValid: { km } },
  bilinear: "bilinear",
  boxDegrees: { box: { degrees: boxDegrees } },
  boxKm: { box: { km: boxKm } },
} as const satisfies Record<MethodName, StationMethod>;

/** The stations' places by their ids. */
export const PLACES: ReadonlyMap<string, { readonly lat: number; readonly lon: number }> = new Map(
  places.map(([id, lat, lon]) => [id, { lat, lon }]),
);

export interface MethodRun {
  readonly method?: StationMethod;
  readonly archive?: "global" | "regional";
  /** Ids of the stations; all by default. */
  readonly only?: readonly string[] | undefined;
  /** Fields of the product's parts. */
  readonly observations?: object;
  readonly forecast?: object;
  readonly now?: string;
  readonly store?: ReturnType<typeof folderStore>;
}

/** A whole run of the fixtures, and what it left. */
export async function methodRun({
  method,
  archive = "global",
  only,
  observations = {},
  forecast = {},
  now = "2003-01-05 00:00:00",
  ...more
}: MethodRun) {
  const store = more.store ?? folderStore(temporaryFolder());
  const product = parseProducts(
    JSON.stringify({
      products: [
        {
          name: "m",
          observations: {
            key: "observations/a.nc",
            variable: "precip",
            firstMonth: "2001-01",
            baseline: [2001, 2002],
            ...observations,
          },
          forecast: { pattern: "*.nc", variable: "anom", ...forecast },
          series: { column: "ano", suffix: "x", missing: "", gapRow: null, maxDistanceKm: 1000, method },
        },
      ],
    }),
    "products.json",
  )[0]!;
  const rows = expected.places
    .filter(([id]) => only?.includes(id) ?? true)
    .map(([id, lat, lon]) => `${id},x,${lat},${lon}`);
  const inputs = {
    observations: fileInput(fixture(`methods/${archive}.nc`), "archive.nc"),
    forecast: fileInput(fixture("methods/forecast.nc"), "forecast.nc"),
    stations: fileInput(stationTable(...rows), "stations.csv"),
  };
  const { claim } = await claimRun(store, inputs, { product, mode: "new", now }, { owner: "me", clock: now });
  const run = { store, inputs, product, claim, limits: { memoryBytes: GRID_MEMORY_BYTES } };
  await carryOut({ claim, startedAt: 0, seconds: 0 }, plainEngine(run).engine, reports);
  const manifest = (await findManifest(store, claim.runId))!;
  const text = async (key: string) => new TextDecoder().decode((await store.get(key))!.body);
  return {
    store,
    manifest,
    about: await requireJson<StationsRecord>(store, keys.stations(claim.runId)),
    chunk: await requireJson<ChunkPlan>(store, keys.chunk(claim.runId, "0001")),
    receipt: await requireJson<Receipt>(store, keys.receipt(claim.runId, "0001")),
    csv: (station: string) => text(manifest.series!.replace("{station}", station)),
    table: () => text(keys.table(claim.runId)),
    page: () => text(keys.page(claim.runId)),
  };
}
