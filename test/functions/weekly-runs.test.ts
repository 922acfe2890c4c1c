import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { check } from "../../functions/local/check.ts";
import { inspect } from "../../functions/local/inspect.ts";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import { summaryOf } from "../../functions/local/summary.ts";
import { seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const FORECAST = "CFSv2.prec.19960327.wkly.anom";
const NOW = "1996-03-27 06:07:08";

/** A run of an archive of days and a forecast of four weeks from Thursday 1996-03-28 on: see make-weekly.py. */
const request = (product: string, out: string, now = NOW) => ({
  observations: fixture("weekly/gaps.nc"),
  forecast: fixture(`weekly/${FORECAST}.nc`),
  stations: fixture("weekly/stations.csv"),
  products: fixture("weekly/products.json"),
  product,
  out,
  now,
  gridMemory: 64,
  mode: "new" as const,
});

test.each(["weeks", "totals", "rebased"])("a run of the product %s writes the bytes of pandas", async (product) => {
  const out = temporaryFolder();
  for (const stored of [false, true]) {
    const { manifest } = await runLocally(request(product, out), silent);
    expect(manifest).toMatchObject({
      status: "complete",
      grid: { stored, weekly: true, months: 273, firstMonth: "1991-01", lastMonth: "1996-03" },
    });
    expect(seriesIn(out, `${product}/${FORECAST}`)).toEqual(texts(fixture(`weekly/expected/${product}`)));
  }
});

test("a run of weeks speaks of weeks: its warnings, its summary, its table and its page", async () => {
  const out = temporaryFolder();
  const result = await runLocally(request("weeks", out, "1996-04-06 00:00:00"), silent);
  const { manifest } = result;
  expect(
    manifest.warnings.filter(({ kind }) => kind !== "cellFar").map(({ kind, message }) => `${kind}: ${message}`),
  ).toEqual([
    "historyGap: weeks without observations, by their first day: 1992-12-24, 1992-12-31, 1993-01-07",
    "historyBehind: the observations end with the week from 1996-03-21 on, 1 week before the week before now",
    expect.stringMatching(
      /^rowsNotRising: the row for now, 1996-04-06, is not before the forecast for 1996-03-28, 1996-04-04$/,
    ),
    expect.stringMatching(/^monthsMissing: its cell lacks \d+ of 273 weeks: they are written -999.0$/),
    expect.stringMatching(/^monthsMissing: /),
    expect.stringMatching(/^cellMissing: /),
  ]);
  expect(summaryOf(result, out)).toContain(" (273 weeks, 1991-01 to 1996-03)\n");
  const folder = join(out, "runs", manifest.runId);
  const [row] = parse(readFileSync(join(folder, "stations.csv")), { bom: true, columns: true }) as Record<
    string,
    string
  >[];
  const titles = ["weeks", "missing_weeks", "anomaly_1996-03-21", "forecast_1996-03-28", "forecast_1996-04-18"];
  expect(Object.keys(row!)).toEqual(expect.arrayContaining(titles));
  const page = readFileSync(join(folder, "index.html"), "utf8");
  expect(page).toContain('"history":["1991-01-03","1991-01-10",');
  expect(page).toContain('"weekly":true');
});

test("weeks are taken from several cells as months are: between two of them they are a mean of both", async () => {
  const folder = temporaryFolder();
  const stations = join(folder, "stations.csv");
  writeFileSync(stations, "id,name,lat,lon\n50001,West,10,100\n50002,Between,10,106\n50003,East,10,110\n");
  const { products: all } = JSON.parse(readFileSync(fixture("weekly/products.json"), "utf8"));
  const products = join(folder, "products.json");
  writeFileSync(
    products,
    JSON.stringify({ products: [{ ...all[0], series: { ...all[0].series, method: "bilinear" } }] }),
  );
  await runLocally({ ...request("weeks", join(folder, "out")), stations, products }, silent);
  const series = seriesIn(join(folder, "out"), `weeks/${FORECAST}`);
  const rowsOf = (id: number) =>
    series[`${id}.prec.csv`]!.trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",") as [string, string]);
  const [west, between, east] = [rowsOf(50001), rowsOf(50002), rowsOf(50003)];
  expect(between).toHaveLength(278);
  for (const [i, [time, value]] of between.entries()) {
    const [atWest, atEast] = [Number(west[i]![1]), Number(east[i]![1])];
    const mean = atWest === -999 ? atEast : atEast === -999 ? atWest : 0.4 * atWest + 0.6 * atEast;
    expect([time, Number(value)]).toEqual([west[i]![0], expect.closeTo(mean, 5)]);
  }
});

test("a week that is observed and forecast is warned of", async () => {
  const out = temporaryFolder();
  const products = join(out, "products.json");
  const { products: all } = JSON.parse(readFileSync(fixture("weekly/products.json"), "utf8"));
  const [weeks] = all;
  // The week that ends with the forecast's first date is observed.
  const own = { ...weeks, name: "ends", forecast: { ...weeks.forecast, daysIntoWeek: 7 } };
  writeFileSync(products, JSON.stringify({ products: [own] }));
  const { manifest } = await runLocally({ ...request("ends", out), products }, silent);
  const lines = seriesIn(out, `ends/${FORECAST}`)["50001.prec.csv"]!.split("\n");
  expect(lines[1]).toMatch(/^1991-01-10 00:00:00,/);
  expect(manifest.warnings.map(({ message }) => message)).toContain(
    "the forecast for the week from 1996-03-21 on is not after the last observed week, the week from 1996-03-21 on",
  );
});

test("a check and an inspection say what weeks a product makes", async () => {
  const { product: _p, out: _o, gridMemory: _g, mode: _m, ...files } = request("weeks", "");
  const { text, usable } = await check({ ...files, product: "weeks" });
  expect(usable).toBe(true);
  expect(text).toContain("a run         would write 3 stations; now is 1996-03-27 06:07:08");
  const inspected = await inspect([files.observations], files.products);
  expect(inspected).toMatch(/product weeks, as observations: yes, 273 weeks; /);
});
