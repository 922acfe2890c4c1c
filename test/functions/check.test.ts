import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CheckRequest, check } from "../../functions/local/check.ts";
import { draftProducts, inspect } from "../../functions/local/inspect.ts";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import { writeClassic } from "../../lib/sample/classic-writer.ts";
import { stationTable } from "../support/claimed-run.ts";
import { FORECAST, s2s } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

const file = (name: string) => fixture(`run/${name}`);
const WHOLE = {
  observations: file("precip.mon.mean.nc"),
  forecast: file(FORECAST),
  stations: file("stations.xls"),
  products: file("products.json"),
} satisfies CheckRequest;

/** The path of a new products.json with this product alone. */
function productsFile(product: object): string {
  const path = join(temporaryFolder(), "products.json");
  writeFileSync(path, JSON.stringify({ products: [product] }));
  return path;
}

const linesOf = async (request: CheckRequest) => (await check(request)).text.trimEnd().split("\n");

test("a file of very many variables is shown in bounded time", async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `v${i}`);
  const path = join(temporaryFolder(), "wide.nc");
  const dimensions = ["lat", "lon"].map((name) => ({ name, size: 1, unlimited: false }));
  const variables = names.map((name) => ({ name, dimensions: ["lat", "lon"], values: Float32Array.of(1) }));
  writeFileSync(path, writeClassic({ dimensions, variables }));
  const text = await inspect([path]);
  expect(text).toContain("and 19744 more variables");
  expect(text).toContain(`${names.slice(0, 200).join(", ")} and 19800 more`);
});

describe("a check", () => {
  test("of all files tells of each, and what a run would do and warn of", async () => {
    const { text, usable } = await check({ ...WHOLE, now: "1997-06-20 06:07:08" });
    expect(text.trimEnd().split("\n")).toEqual([
      "product       prec, of prec, t2m-giss, t2m-era5",
      "observations  precip.mon.mean.nc: precip in mm/day, 1990-03 to 1997-05, 9 x 18 cells",
      "warnings      none",
      `forecast      ${FORECAST}: anom in mm/day, for 1997-07-01 00:00:00`,
      `stations      ${WHOLE.stations}: 20 stations; 1 row with an empty cell`,
      "warnings      1 rowsEmpty, e.g. 1 row with an empty cell left out: 8",
      "a run         would write 20 stations; now is 1997-06-20 06:07:08",
      "              forecast relative to 1991-1995, observations to 1991-1995",
      "warnings      1 rowsEmpty, e.g. 1 row with an empty cell left out: 8",
    ]);
    expect(usable).toBe(true);
  });

  test("warns of what the run then warns of, but for what only its values tell", async () => {
    const out = temporaryFolder();
    const request = { ...WHOLE, out, gridMemory: 64, mode: "new", now: "1997-09-20 00:00:00" } as const;
    const { manifest } = await runLocally(request, silent);
    const lines = await linesOf({ ...WHOLE, now: request.now });
    const told = lines.slice(lines.findIndex((line) => line.startsWith("a run"))).join("\n");
    const values = new Set(["cellMissing", "monthsMissing", "forecastMissing"]);
    const expected = new Set(manifest.warnings.map(({ kind }) => kind).filter((kind) => !values.has(kind)));
    expect(expected.size).toBeGreaterThan(2);
    for (const kind of expected) expect(told).toContain(` ${kind}, e.g. `);
  });

  test("leaves nothing behind", async () => {
    const before = new Set(readdirSync(tmpdir()));
    await check(WHOLE);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("s2s-inputs") && !before.has(name))).toEqual([]);
  });

  test("of a file that no run could use says why, and tells of the others", async () => {
    const { text, usable } = await check({ ...WHOLE, forecast: file("stations.xls") });
    expect(usable).toBe(false);
    expect(text).toMatch(/^forecast +refused: stations\.xls: starts with .*, as no NetCDF file does/m);
    expect(text).toMatch(/^stations .*20 stations/m);
    expect(text).not.toMatch(/^a run/m);
  });

  test("of files that do not go together refuses the run", async () => {
    const { text, usable } = await check({ ...WHOLE, forecast: fixture("layouts/c3s-leadtime.nc") });
    expect([usable, /^forecast +refused: .*there is no variable "anom"/m.test(text)]).toEqual([false, true]);
  });

  test("of a product whose reader needs more refuses the run", async () => {
    const [prec] = (JSON.parse(readFileSync(WHOLE.products, "utf8")) as { products: { series: object }[] }).products;
    const products = productsFile({ ...prec, series: { ...prec!.series, expect: { leads: 2 } } });
    const { text, usable } = await check({ ...WHOLE, products });
    expect(usable).toBe(false);
    expect(text).toMatch(/^a run +refused: .*leads is 2, but the forecast has 1 row/m);
  });

  test("says which years observations and forecast are relative to, and warns where they are not the same", async () => {
    const [observations, forecast] = [fixture("bases/archive.nc"), fixture("bases/forecast.nc")];
    const product = {
      name: "base",
      observations: { key: "a.nc", variable: "air", firstMonth: "1990-01", baseline: [1991, 1996] },
      forecast: { pattern: "*", variable: "air" },
      series: { column: "ano", suffix: "x" },
    };
    const stations = stationTable("1,x,40,100");
    const told = async (own: object) =>
      (await check({ observations, forecast, stations, products: productsFile({ ...product, ...own }) })).text;
    const plain = await told({});
    expect(plain).toContain("forecast relative to 1994-1999, observations to 1991-1996\n");
    expect(plain).toMatch(/1 baseDiffers, e\.g\. the forecast's anomalies are relative to 1994-1999 .*1991-1996$/m);
    const rebased = await told({ forecast: { ...product.forecast, rebase: true } });
    expect(rebased).toContain("forecast rebased from 1994-1999 to 1991-1996, as the observations\n");
    expect(rebased).not.toContain("baseDiffers");
  });

  test("of observations with a climatology of their own needs no month of its years", async () => {
    const products = productsFile({
      name: "era5",
      observations: {
        key: "era5.nc",
        variable: "t2m",
        firstMonth: "1990-01",
        baseline: [1961, 1980],
        climatology: { key: "observations/clim.nc", variable: "T2_CLIM" },
      },
      forecast: { pattern: "*", variable: "air" },
      series: { column: "ano", suffix: "x" },
    });
    const { text, usable } = await check({ observations: fixture("bases/era5.nc"), products });
    expect([text, usable]).toEqual([expect.stringContaining("1990-01 to 2001-12, 3 x 4 cells\nwarnings"), true]);
  });

  test("of a table or of products alone tells of them", async () => {
    expect(await linesOf({ stations: WHOLE.stations })).toHaveLength(3);
    expect(await linesOf({ products: WHOLE.products })).toEqual(["product  prec, of prec, t2m-giss, t2m-era5"]);
  });

  test("of nothing is a mistake on the command line", async () => {
    const { code, stderr } = await s2s("check");
    expect([code, stderr]).toEqual([
      2,
      "error: nothing is named that could be checked. Name a file with --observations, --forecast, --stations or --products\n",
    ]);
    expect((await s2s("check", "--stations", file("products.json"))).code).toBe(1);
  });
});

test("an inspection tells the time of a field that has it beside it", async () => {
  expect(await inspect([fixture("views/time-alone.nc")])).toContain(
    "air: archive or forecast, K; latitude is lat, longitude is lon, time is time (1991-03-01 00:00:00 UTC)",
  );
});

describe("a drafted product", () => {
  const draft = async (...names: string[]) => {
    const { json, notes } = await draftProducts(names.map(fixture));
    const [product] = (JSON.parse(json) as { products: { observations: object; forecast: object; series: object }[] })
      .products;
    return { product: product!, notes };
  };

  test("of an archive and a forecast makes a run", async () => {
    const { product } = await draft("run/precip.mon.mean.nc", `run/${FORECAST}`);
    // That cells of twenty degrees are near enough is for a person to say.
    const products = productsFile({ ...product, series: { ...product.series, maxDistanceKm: 2000 } });
    const { text, usable } = await check({ ...WHOLE, products });
    expect(text).toMatch(/^a run +would write 20 stations/m);
    expect(usable).toBe(true);
  });

  test.each([
    [
      "layouts/c3s-members.nc",
      { pattern: "c3s-members.nc", variable: "t2a", select: { number: "mean", forecast_reference_time: "last" } },
    ],
    ["layouts/iri-nmme.nc", { pattern: "iri-nmme.nc", variable: "prec", select: { M: "mean", S: "last" } }],
    [
      "layouts/CFSv2.prec.20261116.wkly.anom.nc",
      { pattern: "CFSv2.prec.*.wkly.anom.nc", variable: "anom", select: {} },
    ],
    [`run/${FORECAST}`, { pattern: "CFSv2.Prec.*.nc", variable: "anom", select: {} }],
  ])("takes of %s what its dimensions are for", async (name, expected) => {
    const { product, notes } = await draft(name);
    expect(product.forecast).toEqual(expected);
    expect(notes).toContain(
      "observations: none of the files is an archive, so its key and variable have to be filled in",
    );
  });

  // The second has its times along a dimension of initial times, as GRIB has.
  test.each(["layouts/era5-date.nc", "layouts/era5-cfgrib.nc"])(
    "of %s takes its first month and newest normals",
    async (name) => {
      const { product, notes } = await draft(name);
      expect(product.observations).toMatchObject({ key: name.replace("layouts", "observations"), variable: "t2m" });
      expect(notes.join("\n")).toMatch(/^observations: from \d{4}-\d\d on, with the baseline \d{4}-\d{4}: choose/m);
    },
  );

  test.each([
    ["views/era5t.nc", { expver: "merge" }, 'observations: expver has 2 values, of which it takes "merge"'],
    ["views/members.nc", { number: "mean", level: 0 }, "observations: level has 3 values, of which it takes 0"],
    ["views/time-lon-lat.nc", {}, "observations: from 1990-03 on, with the baseline 1991-1992"],
  ])("of the archive %s is one that reads it", async (name, select, note) => {
    const { product, notes } = await draft(name);
    expect({ select: {}, ...product.observations }).toMatchObject({ select });
    expect(notes.join("\n")).toContain(note);
    const products = productsFile({ ...product, forecast: { pattern: "*", variable: "anom" } });
    expect(await check({ observations: fixture(name), products })).toMatchObject({
      usable: true,
      text: expect.stringMatching(/: air in K, 1990-03 to 1993-06, 5 x 7 cells$/m),
    });
    expect(await inspect([fixture(name)], products)).toContain("as observations: yes, 40 months");
  });

  test("of anomalies says so", async () => {
    const { product, notes } = await draft("bases/giss.nc");
    expect(product.observations).toMatchObject({ kind: "anomaly" });
    expect(notes).toContain(
      'observations: "air" seems to be anomalies already: set base to the years they are relative to',
    );
  });

  test("of a table is refused", async () => {
    await expect(draft("run/stations.xls")).rejects.toMatchObject({ tag: "NotNetcdf" });
  });
});
