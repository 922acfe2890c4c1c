import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packNumber } from "../../../lib/packed-numbers.ts";
import { projectionFor } from "../../../lib/report/page/map/projection.ts";
import type { PageData } from "../../../lib/report/page-data.ts";
import type { Report } from "../../../lib/report/report.ts";
import { reportPage } from "../../../lib/report/write.ts";
import type { ForecastField } from "../../../lib/run/records.ts";
import { madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";

const LEADS = ["2020-08-01 00:00:00", "2020-09-01 00:00:00"];
const LONS = [78, 82, 86, 90, 94, 98];

/** Below normal in the west and above in the east, with a column that is missing between them; a month later the other way round. */
const FIELD: ForecastField = {
  lat: [34, 38, 42, 46, 50],
  lon: LONS,
  step: 0.01,
  leads: [1, -1].map((sign) =>
    Array.from({ length: 5 }, () => [-200, -200, Number.NaN, 201, 201, 201])
      .flat()
      .map((code) => packNumber(Number.isNaN(code) ? 0 : sign * code))
      .join(""),
  ),
};

function madeWithField(): Report {
  const made = madeReport({
    places: [
      [36, 80],
      [48, 96],
      [42, 88],
    ],
    leads: LEADS,
  });
  const shares = [10, 20].map((share) => made.about.stations.map(() => share));
  return { ...made, about: { ...made.about, field: FIELD }, shares };
}

const html = async (report: Report) => new TextDecoder().decode(await reportPage(report));

/** Colours of the map at places beside stations and lines: red, green, blue. */
async function coloursOf(page: Page, lons: readonly number[]): Promise<number[][]> {
  const data = JSON.parse((await page.locator("#data").textContent())!) as PageData;
  const { width, height } = (await page.locator("canvas.map").boundingBox())!;
  const projection = projectionFor(data.region, width, height);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.evaluate(
    (points) => {
      const context = document.querySelector<HTMLCanvasElement>("canvas.map")!.getContext("2d")!;
      return points.map(([x, y]) => [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data].slice(0, 3));
    },
    lons.map((lon) => projection([lon, 43.3])!),
  );
}

describe.runIf(HAS_BROWSER)("the forecast's cells on the map", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  test("are filled behind the stations when their box is ticked, in the colours of the lead", async () => {
    const { page, trouble } = await browser.openText(await html(madeWithField()));
    const lons = [82.7, 86.7, 94.7];
    const bare = await coloursOf(page, lons);
    expect(bare[0]).toEqual(bare[1]);
    expect(bare[2]).toEqual(bare[1]);
    await page.getByLabel("Forecast cells").check();
    const [west, missing, east] = (await coloursOf(page, lons)) as [number[], number[], number[]];
    expect(missing).toEqual(bare[1]);
    // Brown, and green.
    expect(west[0]! - west[2]!).toBeGreaterThan(40);
    expect(east[1]! - east[0]!).toBeGreaterThan(20);
    await page.getByLabel("Month").selectOption({ index: 1 });
    const [later] = (await coloursOf(page, lons)) as [number[]];
    expect(later[1]! - later[0]!).toBeGreaterThan(20);
    await page.locator("#shown").selectOption("% from normal");
    expect(await coloursOf(page, lons)).toEqual(bare);
    expect(await page.getByText("Forecast cells").isVisible()).toBe(false);
    expect(trouble.filter((text) => !text.includes("getImageData"))).toEqual([]);
  });

  test("have no box where the page has none", async () => {
    const made = madeWithField();
    const rebased = { years: [1981, 2010], from: "product", rebased: true } as const;
    const { forecast } = made.manifest;
    const none = { ...made, about: madeReport({ places: [[36, 80]], leads: LEADS }).about, shares: undefined };
    const moved = { ...made, manifest: { ...made.manifest, forecast: { ...forecast!, base: rebased } } };
    for (const report of [none, moved]) {
      const { page } = await browser.openText(await html(report));
      expect(await page.getByText("Forecast cells").count()).toBe(0);
    }
  });
});
