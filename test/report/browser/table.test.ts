import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeReport, partialReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find, pageOf, shownStation } from "./looking.ts";

const rowsOf = (page: Page) => page.locator(".stations tbody tr");
const columnOf = (page: Page, nth: number) => page.locator(`.stations tbody tr > :nth-child(${nth})`).allTextContents();
const numbers = (texts: readonly string[]) => texts.map((text) => Number(text.replace("−", "-")));
const sortBy = (page: Page, key: string) => page.locator(`.stations [data-sort="${key}"]`).click();
const countLine = (page: Page) => page.locator(".count-line").textContent();

describe.runIf(HAS_BROWSER)("the table of stations", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each([10, 966, 2000])(
    "of %i has the most extreme first, and sorts by each column, both ways",
    async (stations) => {
      const made = madeReport({ stations });
      const { page, trouble } = await browser.openText(await pageOf(made));
      const sizes = made.about.stations.map(({ forecast }) => Math.abs(forecast[0] as number)).sort((a, b) => b - a);
      const shown = numbers(await columnOf(page, 3)).map(Math.abs);
      expect(shown).toHaveLength(Math.min(100, stations));
      // The page has four digits of each, and shows two decimals.
      for (const [i, size] of shown.entries()) expect(Math.abs(size - sizes[i]!)).toBeLessThan(0.0056);
      await sortBy(page, "forecast");
      const descending = numbers(await columnOf(page, 3));
      expect(descending).toEqual(descending.toSorted((a, b) => b - a));
      expect(await page.locator(".stations th[aria-sort]").getAttribute("aria-sort")).toBe("descending");
      await sortBy(page, "forecast");
      const ascending = numbers(await columnOf(page, 3));
      expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
      expect(ascending[0]).toBeLessThan(descending[0]!);
      // The keyboard stays at the head that was pressed.
      expect(await page.evaluate(() => document.activeElement?.getAttribute("data-sort"))).toBe("forecast");
      await sortBy(page, "forecast");
      expect(numbers(await columnOf(page, 3)).map(Math.abs)).toEqual(shown);
      await sortBy(page, "station");
      expect((await columnOf(page, 1))[0]).toBe("站0 (50000)");
      expect(trouble).toEqual([]);
    },
  );

  test("filters by text and province, together, and says how many are left", async () => {
    const { page } = await browser.openText(await pageOf(madeReport({ stations: 60 })));
    await page.getByLabel("Filter").fill("5000");
    expect(await rowsOf(page).count()).toBe(10);
    expect(await countLine(page)).toContain("10 of 60 stations");
    await page.getByLabel("Province").selectOption("广东");
    expect((await columnOf(page, 1)).sort()).toEqual(["站2 (50002)", "站8 (50008)"]);
    expect(await page.locator(".histogram").getAttribute("aria-label")).toContain("Histogram of 2 ");
    await page.getByRole("button", { name: "Show all stations" }).click();
    expect(await rowsOf(page).count()).toBe(60);
    expect(await page.getByLabel("Filter").inputValue()).toBe("");
    expect(await page.getByLabel("Province").inputValue()).toBe("");
  });

  test("selects the station of a row, and marks and shows the row of a station that is selected elsewhere", async () => {
    const { page } = await browser.openText(await pageOf(madeReport({ stations: 2000 })));
    await rowsOf(page).nth(5).click();
    const name = (await columnOf(page, 1))[5];
    expect(await shownStation(page)).toBe(name);
    expect(await page.locator(".stations [aria-current]").locator("th").textContent()).toBe(name);
    await sortBy(page, "station");
    // Far behind the rows that are made.
    await find(page, "51500");
    const marked = page.locator(".stations [aria-current]");
    expect(await marked.locator("th").textContent()).toBe("站1500 (51500)");
    const [row, box] = [(await marked.boundingBox())!, (await page.locator(".stations-part .scroll").boundingBox())!];
    expect(row.y).toBeGreaterThanOrEqual(box.y);
    expect(row.y + row.height).toBeLessThanOrEqual(box.y + box.height + 1);
    expect(await rowsOf(page).count()).toBe(100);
    await page.locator(".more.before").click();
    expect((await columnOf(page, 1))[0]).toBe("站1350 (51350)");
    await marked.getByRole("button").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await shownStation(page)).toBe("站1501 (51501)");
  });

  test("of 20 000 makes a part of its rows, and more when they are asked for; the page is below 4 MB", async () => {
    const made = madeReport({ stations: 20_000 });
    // More cells than a page has series for.
    const history = { ...made.history, cells: [], packed: null, positions: new Map<string, number>() };
    const html = await pageOf({ ...made, history });
    expect(Buffer.byteLength(html)).toBeLessThan(3.9e6);
    const { page, trouble } = await browser.openText(html);
    expect(await rowsOf(page).count()).toBe(100);
    expect(await countLine(page)).toContain("20000 stations");
    await page.getByRole("button", { name: "show 100 more" }).click();
    expect(await rowsOf(page).count()).toBe(200);
    await page.getByLabel("Filter").fill("69999");
    expect(await columnOf(page, 1)).toEqual(["站19999 (69999)"]);
    expect(trouble).toEqual([]);
  });

  test("the page of 2000 stations of 2000 cells leaves room below 1 MB", async () => {
    expect(Buffer.byteLength(await pageOf(madeReport({ stations: 2000 })))).toBeLessThan(0.96e6);
  });

  test("stations that were not written are last, and say so", async () => {
    const { page } = await browser.openText(await pageOf(partialReport(20)));
    const column = await columnOf(page, 3);
    expect(column.slice(30)).toEqual(Array.from({ length: 20 }, () => "not written"));
    expect(column.slice(0, 30)).not.toContain("not written");
  });

  test("means by province are all there, sort, and filter map and table", async () => {
    const made = madeReport({ stations: 120 });
    const stations = made.about.stations.map((station, i) => ({ ...station, province: `P${i % 40}` }));
    const { page, trouble } = await browser.openText(await pageOf({ ...made, about: { ...made.about, stations } }));
    const means = page.locator(".provinces tbody tr");
    expect(await means.count()).toBe(40);
    for (const row of [means.first(), means.last()]) {
      const [box, section] = [
        (await row.boundingBox())!,
        (await page.locator("section:has(> .provinces)").boundingBox())!,
      ];
      expect(box.y + box.height).toBeLessThan(section.y + section.height);
    }
    const names = () => means.locator("th").allTextContents();
    await page.locator('.provinces [data-sort="province"]').click();
    expect((await names()).slice(0, 3)).toEqual(["P0", "P1", "P2"]);
    const strongOnMap = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>("canvas.map")!;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) {
          const [least, most] = [
            Math.min(data[i]!, data[i + 1]!, data[i + 2]!),
            Math.max(data[i]!, data[i + 1]!, data[i + 2]!),
          ];
          if (most - least > 50) count++;
        }
        return count;
      });
    const before = await strongOnMap();
    await page.getByRole("button", { name: "P7", exact: true }).click();
    expect((await columnOf(page, 2)).every((province) => province === "P7")).toBe(true);
    expect(await rowsOf(page).count()).toBe(3);
    await expect.poll(strongOnMap).toBeLessThan(before / 5);
    const chosen = page.getByRole("button", { name: "P7", exact: true });
    expect(await chosen.getAttribute("aria-pressed")).toBe("true");
    await chosen.click();
    expect(await rowsOf(page).count()).toBe(100);
    expect(trouble.filter((text) => !text.includes("getImageData"))).toEqual([]);
  });
});
