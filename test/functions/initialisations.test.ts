import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { PageData } from "../../lib/report/page-data.ts";
import type { Manifest, StationsRecord, TableStation } from "../../lib/run/records.ts";
import { startCloud } from "../support/cloud.ts";
import { manifestIn, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden, ofOneRun, texts } from "../support/golden.ts";

const ROOM = fixture("initialisations");
const NEWEST = "CFSv2.Prec.19970520.199707.nc";
const EARLIER = ["CFSv2.Prec.19970519.199707.nc", "CFSv2.Prec.19970517.199707.nc"];
const AVERAGED = { last: 10, within: "15 days" };
const EXPECTED = texts(join(ROOM, "expected"));

/** A products.json with that of the golden run, which makes the mean of several forecasts. */
function definitions(initialisations?: object): string {
  const { products } = golden<{ products: { forecast: object }[] }>("run/products.json");
  return JSON.stringify({
    products: products.map((product) => ({ ...product, forecast: { ...product.forecast, initialisations } })),
  });
}

/** A run of the command over a folder of forecasts. */
async function made(folder: string, initialisations: object | undefined = AVERAGED, forecast = NEWEST) {
  return await joined(folder, definitions(initialisations), forecast);
}

async function joined(folder: string, productFile: string, forecast: string) {
  const out = temporaryFolder();
  const products = join(temporaryFolder(), "products.json");
  writeFileSync(products, productFile);
  const inputs = {
    observations: fixture("run/precip.mon.mean.nc"),
    forecast: join(folder, forecast),
    stations: join(ROOM, "stations.csv"),
    products,
    now: "1997-05-20T06:07:08",
    out,
  };
  const outcome = await s2s("run", ...Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value]));
  return { ...outcome, out };
}

/** A folder with the forecasts of the fixture, to be changed. */
function folderOfOwn(): string {
  const folder = temporaryFolder();
  for (const name of readdirSync(ROOM)) if (name.endsWith(".nc")) cpSync(join(ROOM, name), join(folder, name));
  return folder;
}

/** The forecast of every station, and its spread, as a run keeps them beside its series. */
function stationsIn(out: string): readonly TableStation[] {
  const path = join(out, "runs", manifestIn(out).runId, "stations.json");
  return (JSON.parse(readFileSync(path, "utf8")) as StationsRecord).stations;
}

/** What the page of a run has of its stations. */
function pageStationsIn(out: string): PageData["stations"] {
  const html = readFileSync(join(out, "runs", manifestIn(out).runId, "index.html"), "utf8");
  const [, json] = /<script[^>]*id="data"[^>]*>(.*?)<\/script>/s.exec(html)!;
  return (JSON.parse(json!) as PageData).stations;
}

const missingOf = ({ warnings }: Manifest) =>
  warnings.flatMap(({ kind, message }) => (kind === "initialisationsMissing" ? [message] : []));

describe("the mean of several initialisations", () => {
  test("is xarray's, and the manifest names all that it is of", async () => {
    const { code, out, stdout } = await made(ROOM);
    expect(code).toBe(0);
    expect(seriesIn(out)).toEqual(EXPECTED);
    const manifest = manifestIn(out);
    expect(manifest.inputs.forecast.key).toBe(NEWEST);
    expect(manifest.inputs.initialisations?.map(({ key }) => key)).toEqual(EARLIER);
    for (const { etag } of manifest.inputs.initialisations!) expect(etag).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.forecast?.initialisations).toEqual(["19970520", "19970519", "19970517"]);
    expect(missingOf(manifest)).toEqual([
      "the forecast is the mean of 3 initialisations, and not of 10, issued 1997-05-17 to 1997-05-20; there is none of 1997-05-18",
    ]);
    expect(stdout).toContain("19970520.199707 for 1997-07-01 00:00:00; mean of 3 initialisations");
    expect(readFileSync(join(out, "runs", manifest.runId, "index.html"), "utf8")).toContain(
      '"initialisations":["19970520"',
    );
  });

  test("is told with the lowest and the highest of them, station by station", async () => {
    const each = await Promise.all(
      [NEWEST, ...EARLIER].map(async (name) => stationsIn((await joined(ROOM, definitions(), name)).out)),
    );
    const { out } = await made(ROOM);
    const ends = (station: number) => {
      const values = each.flatMap((stations) => stations[station]!.forecast).filter((value) => value !== null);
      return values.length === 0 ? [null, null] : [Math.min(...values.map(Number)), Math.max(...values.map(Number))];
    };
    const stations = stationsIn(out);
    expect(stations.map(({ spread }) => [spread!.low[0], spread!.high[0]])).toEqual(stations.map((_, i) => ends(i)));
    expect(stations.map(({ spread }) => spread!.low[0] === null)).toEqual([false, false, false, true]);
    for (const { spread } of each.flat()) expect(spread).toBeUndefined();
    const { low, high } = pageStationsIn(out).spread!;
    for (const [i, [least, most]] of stations.map((_, at) => ends(at)).entries()) {
      expect([low[0]![i], high[0]![i]]).toEqual([least, most].map((end) => end && Number(end.toPrecision(4))));
    }
  });

  test("is of the last ones, and of those alone that are not too old", async () => {
    const two = await made(ROOM, { last: 2, within: "15 days" });
    const near = await made(ROOM, { last: 10, within: "1 day" });
    const far = await made(ROOM, { last: 10, within: "16 days" });
    const [ofTwo, ofNear, ofFar] = [two, near, far].map(({ out }) => manifestIn(out));
    expect([ofTwo, ofNear].map((manifest) => manifest!.inputs.initialisations!.map(({ key }) => key))).toEqual([
      [EARLIER[0]],
      [EARLIER[0]],
    ]);
    expect(ofFar!.inputs.initialisations).toHaveLength(3);
    expect(missingOf(ofTwo!)).toEqual([]);
    expect(missingOf(ofNear!)).toEqual([
      "the forecast is the mean of 2 initialisations, and not of 10, issued 1997-05-19 to 1997-05-20",
    ]);
    expect(seriesIn(two.out)).toEqual(seriesIn(near.out));
  });

  test("is the forecast itself where there is no other, which is warned of", async () => {
    const folder = folderOfOwn();
    for (const name of EARLIER) rmSync(join(folder, name));
    const { code, out } = await made(folder);
    expect(code).toBe(0);
    expect(missingOf(manifestIn(out))).toEqual([
      "the forecast is the mean of 1 initialisation, and not of 10, issued 1997-05-20",
    ]);
    expect(manifestIn(out).inputs.initialisations).toEqual([]);
  });

  test("is another run where one of them has other bytes", async () => {
    const folder = folderOfOwn();
    const first = manifestIn((await made(folder)).out).runId;
    cpSync(join(folder, EARLIER[0]!), join(folder, EARLIER[1]!));
    expect(manifestIn((await made(folder)).out).runId).not.toBe(first);
  });

  test("is refused where one is for other times, until that is taken away", async () => {
    const folder = folderOfOwn();
    cpSync(join(ROOM, "CFSv2.Prec.19970518.199708.nc"), join(folder, EARLIER[0]!));
    const { code, stderr } = await made(folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`${EARLIER[0]}: has other times than ${NEWEST}`);
    rmSync(join(folder, EARLIER[0]!));
    expect((await made(folder)).code).toBe(0);
  });

  test("needs a name that tells day of issue and target month", async () => {
    const folder = folderOfOwn();
    renameSync(join(folder, NEWEST), join(folder, "CFSv2.Prec.nc"));
    const { code, stderr } = await made(folder, undefined, "CFSv2.Prec.nc");
    expect(code).toBe(2);
    expect(stderr).toContain(
      'CFSv2.Prec.nc: its name does not tell its day of issue and its target month. Product "prec" makes the mean of several initialisations: give it a name such as CFSv2.Prec.20200625.202008.nc',
    );
  });
});

describe("on AWS", () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  test("the forecasts before the uploaded one are found in its folder of the bucket", async () => {
    const cloud = await startCloud({ STATIONS_KEY: "stations/few.csv" });
    onTestFinished(() => cloud.close());
    await cloud.put("products.json", definitions({ last: 10, within: "15 days" }));
    await cloud.put("stations/few.csv", readFileSync(join(ROOM, "stations.csv")));
    for (const name of readdirSync(ROOM).filter((file) => file.endsWith(".nc"))) {
      await cloud.put(`forecasts/${name}`, readFileSync(join(ROOM, name)));
    }
    await cloud.put("forecasts/old/CFSv2.Prec.19970518.199707.nc", "not looked at");
    const { results } = await cloud.execute({ forecastKey: `forecasts/${NEWEST}`, now: "1997-05-20T06:07:08" });
    expect(results).toMatchObject([{ status: "complete" }]);
    expect(ofOneRun(cloud.output("prec/19970520.199707/"))).toEqual(EXPECTED);
    const manifest = JSON.parse(cloud.output(`runs/${results[0]!.runId}/`)["manifest.json"]!) as Manifest;
    expect(manifest.inputs.initialisations?.map(({ key }) => key)).toEqual(EARLIER.map((name) => `forecasts/${name}`));
  });
});
