import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Warning } from "../../../lib/warning.ts";
import { madeReport } from "../../support/made-report.ts";
import { serious } from "./axe.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { pageOf } from "./looking.ts";

describe.runIf(HAS_BROWSER)("for everyone", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const whole = () => {
    const leads = ["2020-08-01 00:00:00", "2020-09-01 00:00:00"];
    const warnings: Warning[] = [{ kind: "cellFar", message: "far", station: "50001" }];
    const made = madeReport({ leads, stations: 30, warnings });
    return pageOf({ ...made, shares: [10, 20].map((less) => made.about.stations.map((_, i) => i - less)) });
  };

  test.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["forced colours", { forcedColors: "active" }],
    ["forced colours, dark", { forcedColors: "active", colorScheme: "dark" }],
  ] as const)("in %s axe finds nothing serious, filtered and chosen as things may be", async (_, options) => {
    const { page, trouble } = await browser.openText(await whole(), { ...options, reducedMotion: "reduce" });
    expect(await serious(page)).toEqual([]);
    await page.getByLabel("Province").selectOption("四川");
    await page.locator('.stations [data-sort="percentile"]').click();
    await page.locator(".stations tbody tr").first().click();
    await page.getByRole("button", { name: "Sept 2020" }).click();
    expect(await serious(page)).toEqual([]);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    expect(trouble).toEqual([]);
  });

  test.each([1440, 390])(
    "on a page of %i pixels what is pressed is at least 24 by 24 pixels, and nothing overflows",
    async (width) => {
      const { page } = await browser.openText(await whole(), { viewport: { width, height: 900 } });
      const small = await page.locator("button, select, input, summary").evaluateAll((all) =>
        all
          .map((element) => ({ text: element.outerHTML.slice(0, 100), box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
          .map(({ text }) => text),
      );
      expect(small).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    },
  );
});
