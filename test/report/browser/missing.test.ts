import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../../lib/report/report.ts";
import type { Warning } from "../../../lib/warning.ts";
import { failedReport, madeHistory, madeReport, madeSeries, partialReport } from "../../support/made-report.ts";
import { serious } from "./axe.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find, pageOf } from "./looking.ts";

/** A run of which no station has observations or a forecast. */
function allMissing(): Report {
  const made = madeReport({ stations: 10 });
  const stations = made.about.stations.map((station) => ({ ...station, forecast: [null] }));
  const series = madeSeries(10).map((values) => values.fill(Number.NaN));
  const counts = { ...made.manifest.counts, usable: 0, withoutObservations: 10, withoutForecast: 10 };
  return {
    ...made,
    manifest: { ...made.manifest, counts },
    about: { ...made.about, stations },
    history: madeHistory(stations, series),
  };
}

describe.runIf(HAS_BROWSER)("what is missing", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("of a station without observations is said instead of an empty chart", async () => {
    const warnings: Warning[] = [
      { kind: "cellMissing", message: "the cell at 20N 90E has no observations", station: "50001" },
      { kind: "cellFar", message: "the cell is 400 km away", station: "50001" },
    ];
    const made = madeReport({ stations: 5, warnings });
    const series = madeSeries(5);
    series[1]!.fill(Number.NaN);
    const history = madeHistory(made.about.stations, series);
    const { page, trouble } = await browser.openText(await pageOf({ ...made, history }));
    await find(page, "50001");
    const card = page.locator(".station");
    expect(await card.innerText()).toContain("Its cell has no observations in any month.");
    expect(await card.locator("canvas").count()).toBe(0);
    expect(await card.locator(".station-warnings li").allTextContents()).toEqual([
      "Cells without observations: all anomalies are missing: the cell at 20N 90E has no observations",
      "Stations off the grid: the cell is 400 km away",
    ]);
    expect(await card.getByRole("link").getAttribute("href")).toMatch(/50001\.prec\.csv$/);
    expect(await serious(page)).toEqual([]);
    await find(page, "50002");
    expect(await card.locator("canvas").count()).toBe(1);
    expect(await card.locator(".station-warnings").count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  test("of a run where all is, is said in the headline and at each station", async () => {
    const { page, trouble } = await browser.openText(await pageOf(allMissing()));
    expect(await page.locator(".headline").textContent()).toContain(
      "0 of 10 stations have observations and a forecast",
    );
    await find(page, "50004");
    expect(await page.locator(".station .forecast").innerText()).toBe("no forecast for August 2020");
    expect(await page.locator(".station").innerText()).toContain("Its cell has no observations in any month.");
    expect([trouble, await serious(page)]).toEqual([[], []]);
  });

  test("of a station that was not written is said with the error", async () => {
    const { page } = await browser.openText(await pageOf(partialReport(20)));
    await find(page, "50000");
    const card = page.locator(".station");
    expect(await card.innerText()).toContain("this tile of the anomaly grid is gone), so there is no series");
    expect(await card.getByRole("link").count()).toBe(0);
    expect(await page.locator(".headline").textContent()).toContain("30 of 50 stations");
  });

  test("as the page has no room for it leads to the station's CSV", async () => {
    const made = madeReport({ stations: 4001 });
    const history = { ...made.history, cells: [], packed: null, positions: new Map<string, number>() };
    const { page } = await browser.openText(await pageOf({ ...made, history }));
    await find(page, "50003");
    expect(await page.locator(".station").innerText()).toContain("too many cells");
    expect(await page.locator(".station").getByRole("link").getAttribute("href")).toMatch(/50003\.prec\.csv$/);
  });

  test.each([
    ["failed before its stations were planned", () => failedReport("precip.nc: is empty"), ["manifest.json"]],
    ["is partial", () => partialReport(20), ["manifest.json", "stations.csv"]],
  ] as const)("a run that %s links only what is there", async (_, report, files) => {
    const folder = mkdtempSync(join(tmpdir(), "s2s-test-"));
    writeFileSync(join(folder, "index.html"), await pageOf(report()));
    const { page } = await browser.open(join(folder, "index.html"));
    const links = await page.locator("footer a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links).toEqual(files);
    rmSync(folder, { recursive: true });
  });
});
