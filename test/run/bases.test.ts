import { describe, expect, test } from "vitest";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { keys } from "../../lib/keys.ts";
import { asWritten, unwrittenOf } from "../../lib/report/report.ts";
import { claimRun } from "../../lib/run/claim.ts";
import type { Engine } from "../../lib/run/engine.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import type { Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { readReceipts } from "../../lib/run/receipts.ts";
import type { Manifest, RunPlan, StationsRecord } from "../../lib/run/records.ts";
import type { Run } from "../../lib/run/run.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { requireJson } from "../../lib/store/store.ts";
import { stationTable } from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf } from "../support/classic.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden, texts } from "../support/golden.ts";
import { fileInput } from "../support/inputs.ts";
import { NO_REPORTS, plainEngine } from "../support/plain-engine.ts";
import { openGroup } from "../support/zarr.ts";

/** Of every cell of the archive, in order of (lat, lon, month or lead); null is missing. */
interface Golden {
  readonly ours: (number | null)[];
  readonly theirs: (number | null)[];
  readonly rebased: (number | null)[];
  readonly observed: (number | null)[];
  readonly difference: number;
}

const LAT = [40, 30, 20];
const LON = [100, 105, 110, 115];
const CELLS = LAT.flatMap((lat) => LON.map((lon) => ({ id: `${lat}_${lon}`, lat, lon })));
const TABLE = () => stationTable(...CELLS.map(({ id, lat, lon }) => `${id},x,${lat},${lon}`));

type Part = "observations" | "forecast" | "series";
type Changes = { readonly [P in Part]?: Partial<Product[P]> };

/** The product of the fixtures, as a products.json says it, with some fields changed. */
function productOf(variable: string, changes: Changes = {}): Product {
  const text = JSON.stringify({
    products: [
      {
        name: "base",
        observations: {
          key: "observations/archive.nc",
          variable,
          firstMonth: "1990-01",
          baseline: [1991, 1996],
          ...changes.observations,
        },
        forecast: { pattern: "*.nc", variable, ...changes.forecast },
        series: { column: "ano", suffix: "x", missing: "", gapRow: null, ...changes.series },
      },
    ],
  });
  return parseProducts(text, "products.json")[0]!;
}

interface Files {
  readonly observations?: string;
  readonly forecast?: string;
  readonly climatology?: string;
}

/** A whole run of the fixtures, or one whose second chunk is not done; and what it left. */
async function carriedOut(product: Product, files: Files = {}, { isPartial = false } = {}) {
  const { observations = fixture("bases/archive.nc"), forecast = fixture("bases/forecast.nc"), climatology } = files;
  const store = folderStore(temporaryFolder());
  const inputs = {
    observations: fileInput(observations, "archive.nc"),
    forecast: fileInput(forecast, "forecast.nc"),
    stations: fileInput(TABLE(), "stations.csv"),
    climatology: climatology === undefined ? undefined : fileInput(climatology, "clim.nc"),
  };
  const now = "2002-01-05 00:00:00";
  const { claim } = await claimRun(store, inputs, { product, mode: "new", now }, { owner: "me", clock: now });
  const limits = { memoryBytes: GRID_MEMORY_BYTES, ...(isPartial ? { chunkSize: CELLS.length / 2 } : {}) };
  const run: Run = { store, inputs, product, claim, limits };
  const { engine } = plainEngine(run);
  const chunks: Engine["chunks"] = ({ chunkIds, ...work }) =>
    engine.chunks({ ...work, chunkIds: isPartial ? chunkIds.slice(0, 1) : chunkIds });
  const outcome = await carryOut({ claim, startedAt: 0, seconds: 0 }, { ...engine, chunks }, NO_REPORTS);
  const manifest = (await findManifest(store, claim.runId))!;
  return {
    store,
    claim,
    outcome,
    manifest,
    warnings: warningsOf(manifest),
    csv: async (station: string) => {
      const found = await store.get(manifest.series!.replace("{station}", station));
      return new TextDecoder().decode(found!.body);
    },
  };
}

function warningsOf({ warnings }: Manifest): string[] {
  return warnings.filter(({ kind }) => kind.startsWith("base")).map(({ kind, message }) => `${kind}: ${message}`);
}

/** The values of a CSV's last two rows; null is missing. */
function leadsOf(csv: string): (number | null)[] {
  return csv
    .trimEnd()
    .split("\n")
    .slice(-2)
    .map((line) => line.split(",")[1]!)
    .map((text) => (text === "" ? null : Number(text)));
}

const rebasing = { forecast: { rebase: true } };

describe("a forecast relative to other years, rebased,", () => {
  test.each(["air", "precip"])("equals what xarray makes of %s, and the observed anomalies", async (variable) => {
    const { csv, manifest, warnings } = await carriedOut(productOf(variable, rebasing));
    const { rebased, observed } = golden<Record<string, Golden>>("bases/bases.expected.json")[variable]!;
    const written = (await Promise.all(CELLS.map(async ({ id }) => leadsOf(await csv(id))))).flat();
    expect(written).toEqual(rebased);
    // The forecast is the observations less the climatology of its years, which float32 rounds once more.
    for (const [i, value] of written.entries()) {
      const anomaly = observed[i]!;
      const step = 2 ** (Math.floor(Math.log2(Math.max(1, Math.abs(value ?? 0)))) - 23);
      expect(value === null ? anomaly : Math.abs(value - anomaly)).toSatisfy((off) => off === null || off <= 2 * step);
    }
    expect(manifest.forecast?.base).toEqual({
      years: [1994, 1999],
      from: "attribute climatoloy_period",
      rebased: true,
    });
    expect(warnings).toEqual([]);
  });

  test("leaves both climatologies with the grid, as xarray has them", async () => {
    const { store, manifest } = await carriedOut(productOf("air", rebasing));
    const { ours, theirs } = golden<Record<string, Golden>>("bases/bases.expected.json")["air"]!;
    const group = await openGroup(store, `grids/${manifest.grid!.id}`);
    for (const [name, expected] of [
      ["climatology_1991_1996", ours],
      ["climatology_1994_1999", theirs],
    ] as const) {
      const { data, shape, attributes } = await group.read(name);
      expect(shape).toEqual([3, 4, 12]);
      expect(Array.from(data as Float32Array, (value) => (Number.isNaN(value) ? null : value))).toEqual(expected);
      expect(attributes).toMatchObject({ units: "K", _ARRAY_DIMENSIONS: ["lat", "lon", "month"] });
    }
    expect((await group.read("month")).data).toEqual(BigInt64Array.from(counting(1, 12), BigInt));
  });

  test("is shown as it was written by the page and the table of stations", async () => {
    const { store, claim, csv } = await carriedOut(productOf("air", rebasing));
    const about = await requireJson<StationsRecord>(store, keys.stations(claim.runId));
    const receipts = await readReceipts(store, await requireJson<RunPlan>(store, keys.plan(claim.runId)));
    const { stations } = asWritten(about, receipts.values());
    for (const { id, forecast } of stations) expect(forecast).toEqual(leadsOf(await csv(id)));
  });

  test("is not shown of stations that were not written, as it is relative to other years there", async () => {
    const { store, claim, manifest, csv } = await carriedOut(productOf("air", rebasing), {}, { isPartial: true });
    const about = await requireJson<StationsRecord>(store, keys.stations(claim.runId));
    const receipts = await readReceipts(store, await requireJson<RunPlan>(store, keys.plan(claim.runId)));
    const { stations } = asWritten(about, receipts.values());
    const unwritten = unwrittenOf(manifest);
    expect([manifest.status, unwritten.size]).toEqual(["partial", CELLS.length / 2]);
    for (const { id, forecast } of stations) {
      expect(forecast).toEqual(unwritten.has(id) ? [null, null] : leadsOf(await csv(id)));
    }
  });

  test("that has no climatology to be rebased by is missing there, and is said to be", async () => {
    const axes = { time: monthsOf(2001, 10, 11), lat: latitudes(...LAT), lon: longitudes(...LON) };
    const forecast = classicFile({ variable: "air", axes, attributes: { units: "K" } });
    const product = productOf("air", { forecast: { baseline: [1994, 1999], rebase: true } });
    const { manifest, csv } = await carriedOut(product, { forecast });
    // Of that cell of the archive nothing is observed.
    expect(leadsOf(await csv("20_115"))).toEqual([null, null]);
    expect(manifest.warnings.filter(({ kind }) => kind === "forecastMissing")).toMatchObject([
      {
        station: "20_115",
        message:
          "2 of 2 leads of the forecast cannot be rebased there, as the observations have no climatology: they are written ",
      },
    ]);
  });

  test("has the years that its product says, before those of the file", async () => {
    const product = productOf("air", { forecast: { baseline: [1991, 1996], rebase: true } });
    const { manifest, warnings } = await carriedOut(product);
    expect(manifest.forecast?.base).toEqual({
      years: [1991, 1996],
      from: "forecast.baseline of the product",
      rebased: false,
    });
    expect(warnings).toEqual([
      "baseOverridden: the forecast's anomalies are relative to 1994-1999 by attribute climatoloy_period and to " +
        "1991-1996 by forecast.baseline of the product, whose word counts",
    ]);
  });

  test("of years that nobody tells is refused", async () => {
    const axes = { time: monthsOf(2001, 10, 11), lat: latitudes(...LAT), lon: longitudes(...LON) };
    const forecast = classicFile({ variable: "air", axes, attributes: { units: "K" } });
    const { outcome } = await carriedOut(productOf("air", rebasing), { forecast });
    expect(outcome).toMatchObject({
      status: "failed",
      error:
        "forecast.nc: nothing says which years its anomalies are relative to, so it cannot be rebased. " +
        'Set forecast.baseline of product "base", or leave forecast.rebase out',
    });
  });

  test("of years that the archive does not have is refused", async () => {
    const { outcome } = await carriedOut(productOf("air", { forecast: { baseline: [1961, 1980], rebase: true } }));
    expect(outcome.error).toBe(
      "archive.nc: has no month of the forecast's base period 1961-1980. The months used are 1990-01 to 2001-12: choose baseline years among them",
    );
  });

  test("of years of which the archive has a part is warned of", async () => {
    const { warnings } = await carriedOut(productOf("air", { forecast: { baseline: [1988, 1991], rebase: true } }));
    expect(warnings).toContain(
      "baselineIncomplete: the forecast's base period 1988-1991 lacks 24 of 48 months: 1988-01, 1988-02, 1988-03, 1988-04, 1988-05, 1988-06 and 18 more",
    );
  });
});

describe("a forecast relative to other years, left as it is,", () => {
  test("is warned of with the years of both and how far they are apart", async () => {
    const { warnings, csv } = await carriedOut(productOf("air"));
    const { difference } = golden<Record<string, Golden>>("bases/bases.expected.json")["air"]!;
    expect(warnings).toEqual([
      "baseDiffers: the forecast's anomalies are relative to 1994-1999 (attribute climatoloy_period), those of the " +
        `observations to 1991-1996: ${Number(difference.toPrecision(2))} K apart on average`,
    ]);
    expect(leadsOf(await csv("20_115"))).toEqual([null, null]);
  });

  test("has no distance where its years are not observed", async () => {
    const { warnings } = await carriedOut(productOf("air", { forecast: { baseline: [1961, 1980] } }));
    expect(warnings).toContain(
      "baseDiffers: the forecast's anomalies are relative to 1961-1980 (forecast.baseline of the product), those of the observations to 1991-1996",
    );
  });

  test("of years that nobody tells is warned of", async () => {
    const axes = { time: monthsOf(2002, 1), lat: latitudes(...LAT), lon: longitudes(...LON) };
    const forecast = classicFile({ variable: "air", axes, attributes: { units: "K" } });
    const { warnings } = await carriedOut(productOf("air"), { forecast });
    expect(warnings).toEqual([
      "baseUnknown: nothing says which years the forecast's anomalies are relative to; those of the observations are " +
        'relative to 1991-1996. Set forecast.baseline of product "base"',
    ]);
  });
});

describe("observations that are anomalies already", () => {
  const observations = fixture("bases/giss.nc");
  const giss = { kind: "anomaly", base: [1951, 1980], baseline: [1951, 1980], units: "K" } as const;

  test("are written as they are", async () => {
    const product = productOf("air", { observations: giss, series: { column: "giss_ano", missing: "0.0" } });
    const { csv, manifest } = await carriedOut(product, { observations });
    expect(await csv("40_100")).toBe(texts(fixture("bases"))["giss.csv"]);
    expect(manifest.warnings.map(({ kind }) => kind)).not.toContain("baselineIncomplete");
  });

  test("are brought to the baseline where they are relative to other years", async () => {
    const [other, field] = await Promise.all(
      [{ ...giss, baseline: [1991, 1996] } as const, { units: "K", baseline: [1991, 1996] } as const].map((own) =>
        carriedOut(productOf("air", { observations: own }), { observations }),
      ),
    );
    expect(await other!.csv("40_100")).toBe(await field!.csv("40_100"));
    expect(other!.manifest.grid!.id).toBe(field!.manifest.grid!.id);
  });
});

describe("observations with a climatology of their own", () => {
  const observations = fixture("bases/era5.nc");
  const climatology = fixture("bases/clim.nc");
  const own = { variable: "t2m", climatology: { key: "observations/clim.nc", variable: "T2_CLIM" } };
  const product = (changes: Partial<Product["observations"]> = {}) =>
    productOf("air", { observations: { ...own, ...changes }, series: { column: "tave_ano" } });

  test("are less the fields of that file, by the calendar month", async () => {
    const { csv, manifest } = await carriedOut(product(), { observations, climatology });
    expect(await csv("20_105")).toBe(texts(fixture("bases"))["era5.csv"]);
    expect(manifest.inputs.climatology?.key).toBe("clim.nc");
  });

  test("are warned of where that file says no units", async () => {
    const axes = { month: { values: counting(0, 12) }, lat: latitudes(...LAT), lon: longitudes(...LON) };
    const { manifest } = await carriedOut(product(), {
      observations,
      climatology: classicFile({ variable: "T2_CLIM", axes }),
    });
    expect(manifest.warnings).toContainEqual({
      kind: "unitsMissing",
      message: '"T2_CLIM" in clim.nc has no units: it is taken off archive.nc as if it were in K',
    });
  });

  test("have another grid and another run for another file", async () => {
    const one = await carriedOut(product(), { observations, climatology });
    const axes = { month: { values: counting(0, 12) }, lat: latitudes(...LAT), lon: longitudes(...LON) };
    const two = await carriedOut(product(), { observations, climatology: classicFile({ variable: "T2_CLIM", axes }) });
    expect(one.manifest.runId).not.toBe(two.manifest.runId);
    expect(one.manifest.grid!.id).not.toBe(two.manifest.grid!.id);
  });

  test.each([
    [
      "of other months",
      { month: { values: counting(0, 11) }, lat: latitudes(...LAT), lon: longitudes(...LON) },
      'clim.nc: "T2_CLIM" has the shape (11, 3, 4). As a climatology of archive.nc it must have (12, 3, 4): calendar months, latitudes, longitudes',
    ],
    [
      "of other cells",
      { month: { values: counting(0, 12) }, lat: latitudes(40, 30, 21), lon: longitudes(...LON) },
      "clim.nc: its latitude 3 is 21, that of the observations 20. A climatology is on the cells of archive.nc, in the same order; regrid it, e.g. by: cdo remapnn,observations.nc in.nc out.nc",
    ],
  ])("are refused with a file %s", async (_, axes, message) => {
    const other = classicFile({ variable: "T2_CLIM", axes });
    const { outcome } = await carriedOut(product(), { observations, climatology: other });
    expect(outcome.error).toBe(message);
  });
});
