import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../../lib/report/report.ts";
import { reportPage } from "../../../lib/report/write.ts";
import { madeHistory, madeReport, madeSeries } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find, pageOf } from "./looking.ts";

/** Five stations whose Augusts were 1 to 41, in order, and a forecast for each. */
function ranked(forecasts: readonly (number | null)[]): Report {
  const made = madeReport({ stations: forecasts.length });
  const stations = made.about.stations.map((station, i) => ({ ...station, forecast: [forecasts[i]!] }));
  const series = madeSeries(forecasts.length).map((values) =>
    values.map((value, month) => (month % 12 === 7 ? (month - 7) / 12 + 1 : value)),
  );
  return { ...made, about: { ...made.about, stations }, history: madeHistory(stations, series) };
}

/** A page whose data have the spread of members, as no run has yet. */
async function withSpread(report: Report): Promise<string> {
  const html = new TextDecoder().decode(await reportPage(report));
  const [low, high] = [
    [-0.3, null],
    [0.9, null],
  ];
  return html.replace(
    '"series":[',
    `"spread":{"low":${JSON.stringify([low])},"high":${JSON.stringify([high])}},"series":[`,
  );
}

describe.runIf(HAS_BROWSER)("the percentile of a forecast", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("among the observed anomalies of its month stands on the card and in the table, with the tercile", async () => {
    const { page, trouble } = await browser.openText(await pageOf(ranked([0, 21, 41.2, 10, null])));
    const tercileOf: Record<string, [string, string]> = {};
    for (const row of await page.locator(".stations tbody tr").all()) {
      const cells = await row.locator("th, td").allTextContents();
      tercileOf[cells[0]!] = [cells[3]!, cells[4]!];
    }
    expect(tercileOf).toEqual({
      "站0 (50000)": ["0", "below normal"],
      // 20 below and half of the one that equals it, of 41.
      "站1 (50001)": ["50", "near normal"],
      "站2 (50002)": ["100", "above normal"],
      // 9.5 of 41.
      "站3 (50003)": ["23", "below normal"],
      "站4 (50004)": ["", ""],
    });
    await find(page, "50003");
    expect(await page.locator(".station").innerText()).toContain(
      "23rd percentile of 41 observed months of August, below normal",
    );
    await find(page, "50002");
    expect(await page.locator(".station").innerText()).toContain(
      "above all 41 observed months of August, above normal",
    );
    await find(page, "50004");
    expect(await page.locator(".station").innerText()).not.toContain("observed months");
    expect(trouble).toEqual([]);
  });

  test("is nowhere on a page without series", async () => {
    const made = madeReport({ stations: 5 });
    const history = { ...made.history, cells: [], packed: null, positions: new Map<string, number>() };
    const { page } = await browser.openText(await pageOf({ ...made, history }));
    expect(await page.locator("main").innerText()).not.toMatch(/percentile|tercile/);
  });

  test("stands beside the spread of members, where a page has it", async () => {
    const { page, trouble } = await browser.openText(await withSpread(ranked([2, 3])));
    await find(page, "50000");
    expect(await page.locator(".station").innerText()).toMatch(
      /members from −0\.\d+ to \+0\.\d+|members from 0 to \+1/,
    );
    await find(page, "50001");
    expect(await page.locator(".station").innerText()).not.toContain("members");
    expect(await page.locator(".stations thead").innerText()).toContain("members");
    expect(trouble).toEqual([]);
  });

  test("the spread of each lead is a line in the chart of leads", async () => {
    const leads = ["2020-08-01 00:00:00", "2020-09-01 00:00:00", "2020-10-01 00:00:00"];
    const html = await pageOf(madeReport({ stations: 2, leads }));
    const [low, high] = [
      [
        [-0.3, -1],
        [-0.5, -1],
        [null, -1],
      ],
      [
        [0.9, 1],
        [0.25, 1],
        [null, 1],
      ],
    ];
    const { page, trouble } = await browser.openText(
      html.replace('"series":[', `"spread":{"low":${JSON.stringify(low)},"high":${JSON.stringify(high)}},"series":[`),
    );
    await find(page, "50000");
    expect(await page.locator(".whisker").count()).toBe(2);
    expect(await page.locator(".leads tbody td:last-child").allTextContents()).toEqual([
      "−0.30 to +0.90",
      "−0.50 to +0.25",
      "",
    ]);
    expect(trouble).toEqual([]);
  });
});
