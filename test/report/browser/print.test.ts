import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { pageOf } from "./looking.ts";

describe.runIf(HAS_BROWSER)("printed", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("a page of 2000 stations is a few sheets", async () => {
    const { page, trouble } = await browser.openText(await pageOf(madeReport({ stations: 2000 })), {
      colorScheme: "dark",
    });
    const pdf = (await page.pdf({ format: "A4", printBackground: true })).toString("latin1");
    const sheets = pdf.match(/\/Type \/Page\b/g)!.length;
    expect(sheets).toBeGreaterThanOrEqual(2);
    expect(sheets).toBeLessThanOrEqual(6);
    expect(trouble).toEqual([]);
  });

  test("it has title, map, legend and table in light colours, and no controls", async () => {
    const { page } = await browser.openText(await pageOf(madeReport({ stations: 50 })), { colorScheme: "dark" });
    // Of the paper itself nothing can be asked: the event comes first, in which the page draws what the paper gets.
    await page.emulateMedia({ media: "print" });
    const seen = await page.evaluate(() => {
      dispatchEvent(new Event("beforeprint"));
      const canvas = document.querySelector<HTMLCanvasElement>("canvas.map")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) sum += data[i]! + data[i + 1]! + data[i + 2]!;
      const light = sum / (data.length / 4) / 3;
      const style = getComputedStyle(document.body);
      dispatchEvent(new Event("afterprint"));
      return { light, text: style.color };
    });
    expect(seen.light).toBeGreaterThan(200);
    expect(await page.locator("h1").isVisible()).toBe(true);
    for (const part of ["canvas.map", "svg.legend", ".stations"])
      expect(await page.locator(part).isVisible()).toBe(true);
    for (const control of [".zoom", "#search", "#filter", ".save", ".station", ".provinces", ".histogram"])
      expect(await page.locator(control).first().isVisible()).toBe(false);
  });
});
