import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prettyUnits } from "../../../lib/units/pretty.ts";
import { madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find, pageOf } from "./looking.ts";

const LEADS = ["2020-11-01 00:00:00", "2020-12-01 00:00:00", "2021-01-01 00:00:00"];

/** With blanks of one kind: those around a dash are narrow in some browsers. */
const plain = (text: string | null) => text!.replaceAll(/\s/g, " ");

describe.runIf(HAS_BROWSER)("title and numbers", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each([
    [["2020-08-01 00:00:00"], "20200625", undefined, "August 2020, issued 25 June"],
    [LEADS, "20201025", undefined, "November 2020 – January 2021, issued 25 October"],
    [["2021-01-01 00:00:00"], "20201225", undefined, "January 2021, issued 25 December 2020"],
    [["2020-08-01 00:00:00"], null, undefined, "August 2020"],
    [["2020-08-06 00:00:00"], "20200803", true, "Week of 6 August 2020, issued 3 August"],
    [["2020-08-06 00:00:00", "2020-08-13 00:00:00"], "20200803", true, "Weeks of 6 – 13 August 2020, issued 3 August"],
  ] as const)("of the forecast for %s, issued %s, weekly %s", async (leads, issued, weekly, title) => {
    const made = madeReport({ leads, stations: 3 });
    const forecast = { ...made.manifest.forecast!, issued };
    const about = weekly === undefined ? made.about : { ...made.about, weekly };
    const { page } = await browser.openText(await pageOf({ ...made, about, manifest: { ...made.manifest, forecast } }));
    const [heading] = plain(await page.locator("h1").textContent()).split(" Complete");
    expect(heading).toBe(title);
    expect(plain(await page.title())).toBe(`prec, ${title}: complete`);
  });

  test.each(["degC", "celsius", "degrees_celsius", "℃"])("%s is shown as °C", async (units) => {
    expect(prettyUnits(units)).toBe("°C");
    const { page } = await browser.openText(await pageOf(madeReport({ units, stations: 3 })));
    expect(await page.locator(".forecast").innerText()).toContain("\u00a0°C forecast for August 2020");
    expect(await page.locator("body").innerText()).not.toContain(units);
  });

  test.each([
    [1, 2],
    [0.001, 5],
    [40, 0],
  ])("values of about %f have %i decimals, each of a column the same", async (size, decimals) => {
    const made = madeReport({ leads: LEADS });
    const stations = made.about.stations.map((station) => ({
      ...station,
      forecast: station.forecast.map((value) => (value as number) * size),
    }));
    const { page } = await browser.openText(await pageOf({ ...made, about: { ...made.about, stations } }));
    const cells = await page
      .locator(".provinces tbody tr td:nth-child(3), .leads tbody td:nth-child(2)")
      .allTextContents();
    expect(cells).toHaveLength(6 + LEADS.length);
    for (const cell of cells) expect(cell.split(".")[1]?.length ?? 0).toBe(decimals);
  });

  test("the leads of a station stand in a table and a chart, and choose what the map shows", async () => {
    const made = madeReport({ leads: LEADS, stations: 5 });
    const { page, trouble } = await browser.openText(await pageOf(made));
    await find(page, "50003");
    const rows = page.locator(".leads tbody tr");
    expect(await rows.locator("th").allTextContents()).toEqual(["Nov 2020", "Dec 2020", "Jan 2021"]);
    const values = made.about.stations[3]!.forecast.map((value) => Math.abs(value as number).toFixed(2));
    for (const [i, text] of (await rows.locator("td:nth-child(2)").allTextContents()).entries())
      expect(text.slice(1)).toBe(values[i]);
    expect(await page.locator(".lead-bar").count()).toBe(3);
    await page.getByRole("button", { name: "Jan 2021" }).click();
    expect(await page.locator("#lead").inputValue()).toBe("2");
    expect(await page.locator(".forecast").innerText()).toContain("forecast for January 2021");
    // The keyboard stays where it was.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Jan 2021");
    await page.locator("#lead").selectOption("Dec 2020");
    expect(await page.locator(".leads .selected th").textContent()).toBe("Dec 2020");
    expect(trouble).toEqual([]);
  });

  test("a chart leaves room for what is ahead: the signs of all leads are whole, left of its end", async () => {
    const made = madeReport({ leads: LEADS, stations: 5 });
    const { page } = await browser.openText(await pageOf(made));
    for (const range of ["10 years", "30 years", "all"]) {
      await page.getByRole("button", { name: range, exact: true }).click();
      const free = () =>
        page.locator(".plot").evaluate((plot) => {
          const canvas = plot.querySelector("canvas")!;
          const over = plot.querySelector(".u-over")!.getBoundingClientRect();
          const { left } = canvas.getBoundingClientRect();
          const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
          const { data, width } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
          let most = 0;
          for (let i = 0; i < data.length; i += 4) {
            const hex = `#${[data[i], data[i + 1], data[i + 2]].map((byte) => byte!.toString(16).padStart(2, "0")).join("")}`;
            if (hex === accent && data[i + 3] === 255) most = Math.max(most, (i / 4) % width);
          }
          return over.right - left - most / devicePixelRatio;
        });
      await expect.poll(free).toBeGreaterThan(3);
      expect(await free()).toBeLessThan(60);
    }
  });

  test("the key of a chart says what its colours are and the latest value, under a pointer that of its month", async () => {
    const { page } = await browser.openText(await pageOf(madeReport({ stations: 5 })));
    const key = page.locator(".chart-key");
    expect(await key.innerText()).toMatch(/observed, wetter\s+observed, drier\s+forecast\s+Latest, June 2020: [−+]/);
    expect(await key.innerText()).not.toContain("--");
    const box = (await page.locator(".u-over").boundingBox())!;
    await page.mouse.move(box.x + box.width - 12, box.y + 20);
    await expect.poll(() => key.innerText()).toMatch(/August 2020: [−+]?\d+\.\d\d\smm\/day forecast/);
    await page.mouse.move(5, 5);
    await expect.poll(() => key.innerText()).toContain("Latest, June 2020");
  });
});
