import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find, pageOf, shownStation } from "./looking.ts";

const LEADS = ["2020-08-01 00:00:00", "2020-09-01 00:00:00"];

const hashOf = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));

describe.runIf(HAS_BROWSER)("the address", () => {
  let browser: TestBrowser;
  let folder: string;
  let path: string;
  beforeAll(async () => {
    browser = await startBrowser();
    folder = mkdtempSync(join(tmpdir(), "s2s-test-"));
    path = join(folder, "index.html");
    const made = madeReport({ leads: LEADS, stations: 40 });
    writeFileSync(
      path,
      await pageOf({ ...made, shares: [1, -1].map((sign) => made.about.stations.map((_, i) => sign * (i - 20))) }),
    );
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const stateOf = async (page: Page) => ({
    station: await shownStation(page),
    lead: await page.locator("#lead").inputValue(),
    shown: await page.locator("#shown").inputValue(),
    province: await page.locator("#province").inputValue(),
    text: await page.locator("#filter").inputValue(),
    sorted: await page.locator(".stations th[aria-sort]").first().getAttribute("aria-sort"),
  });

  test("holds station, lead and view, replaces itself, and brings them back", async () => {
    const { page, trouble } = await browser.open(path);
    expect(await hashOf(page)).toBe("");
    const entries = await page.evaluate(() => history.length);
    await find(page, "50003");
    await page.locator("#lead").selectOption("Sept 2020");
    await page.locator("#shown").selectOption("% from normal");
    await page.locator("#province").selectOption("新疆");
    await page.locator("#filter").fill("500");
    await page.locator('.stations [data-sort="forecast"]').click();
    await expect
      .poll(() => hashOf(page))
      .toBe("#station=50003&lead=2&shown=percent&province=新疆&find=500&sort=-forecast");
    expect(await page.evaluate(() => history.length)).toBe(entries);
    const before = await stateOf(page);
    expect(before).toMatchObject({ station: "站3 (50003)", lead: "1", shown: "percent", sorted: "descending" });
    const url = page.url();
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    expect(await stateOf(page)).toEqual(before);
    expect(page.url()).toBe(url);
    expect(trouble.filter((text) => !text.startsWith("request: file:"))).toEqual([]);
  });

  test("is followed when it changes, and what the page does not have is as at first", async () => {
    const { page, trouble } = await browser.open(path);
    const first = await shownStation(page);
    await page.goto(`${pathToFileURL(path).href}#station=50011&lead=2`);
    await expect.poll(() => shownStation(page)).toBe("站11 (50011)");
    expect(await page.locator("#lead").inputValue()).toBe("1");
    await page.goto(`${pathToFileURL(path).href}#station=1&lead=77&shown=x&province=y&sort=z`);
    await expect.poll(() => shownStation(page)).toBe(first);
    expect(await page.locator("#lead").inputValue()).toBe("0");
    expect(await page.locator(".stations tbody tr").count()).toBe(40);
    expect(trouble.filter((text) => !text.startsWith("request: file:"))).toEqual([]);
  });
});
