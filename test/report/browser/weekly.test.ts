import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../../functions/local/progress.ts";
import { runLocally } from "../../../functions/local/run.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture } from "../../support/golden.ts";
import { serious } from "./axe.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find } from "./looking.ts";

describe.runIf(HAS_BROWSER)("the page of a run of weeks", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("speaks of weeks: its title, the card of a station, its leads, its chart and its values", async () => {
    const out = temporaryFolder();
    const { manifest } = await runLocally(
      {
        observations: fixture("weekly/gaps.nc"),
        forecast: fixture("weekly/CFSv2.prec.19960327.wkly.anom.nc"),
        stations: fixture("weekly/stations.csv"),
        products: fixture("weekly/products.json"),
        product: "weeks",
        out,
        now: "1996-03-27 06:07:08",
        gridMemory: 64,
        mode: "new",
      },
      silent,
    );
    const { page, trouble } = await browser.open(join(out, "runs", manifest.runId, "index.html"));
    expect(await page.locator("h1").innerText()).toContain("Weeks of 28 March – 18 April 1996, issued 27 March");
    // East has no observations, and the strongest forecast.
    const card = page.locator(".station");
    expect(await card.innerText()).toMatch(/\+9\.6\smm\/day forecast for week of 28 March 1996, wetter/);
    expect(await card.innerText()).toContain("Its cell has no observations");
    const weeks = ["28 Mar 1996", "4 Apr 1996", "11 Apr 1996", "18 Apr 1996"];
    expect(await page.locator(".leads tbody th").allTextContents()).toEqual(weeks);
    await find(page, "50002");
    expect(await page.locator(".chart-key").innerText()).toContain("Latest, week of 21 March 1996");
    await page.getByText("Values as a table").click();
    expect(await card.locator("details table").innerText()).toMatch(
      /\n1996-03-28\s+6\.\d\d\s+forecast\n1996-03-21\s+-?\d+\.\d\d\s+observed\n/,
    );
    expect(await serious(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });
});
