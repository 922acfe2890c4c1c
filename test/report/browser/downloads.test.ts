import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { pageOf } from "./looking.ts";

async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Bytes of the page itself are no request of another. */
const real = (trouble: readonly string[]) => trouble.filter((text) => !text.startsWith("request: blob:"));

describe.runIf(HAS_BROWSER)("what can be saved", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("the table as it is filtered and sorted, with nothing that a spreadsheet runs", async () => {
    const leads = ["2020-08-01 00:00:00", "2020-09-01 00:00:00"];
    const made = madeReport({ leads, stations: 60, names: ['=1+1,"x"'] });
    const { page, trouble } = await browser.openText(await pageOf(made));
    await page.getByLabel("Province").selectOption("北京");
    await page.locator('.stations [data-sort="station"]').click();
    const { name, bytes } = await saved(page, "Save table as CSV");
    expect(name).toBe("prec-20200625.202008-0123456789ab-stations.csv");
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    expect(text.startsWith("\u{feff}id,name,province,lat,lon,elevation,forecast_2020-08,forecast_2020-09,")).toBe(true);
    const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(10);
    const first = rows.find(({ id }) => id === "50000")!;
    const { forecast } = made.about.stations[0]!;
    expect(first).toMatchObject({ name: `'=1+1,"x"`, province: "北京", units: "mm/day" });
    expect(Number(first["forecast_2020-09"])).toBeCloseTo(forecast[1] as number, 3);
    expect(first["tercile_2020-08"]).toMatch(/^(below|near|above) normal$/);
    expect(real(trouble)).toEqual([]);
  });

  test("the map as an image with its title and its colours", async () => {
    const { page, trouble } = await browser.openText(await pageOf(madeReport({ stations: 60 })));
    const box = (await page.locator("canvas.map").boundingBox())!;
    const { name, bytes } = await saved(page, "Save map as PNG");
    expect(name).toBe("prec-20200625.202008-0123456789ab-map.png");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    expect(width).toBeGreaterThan(box.width);
    expect(height).toBeGreaterThan(box.height + 100);
    // Whether something is drawn in each of its parts: title, map, colours.
    const kinds = await page.evaluate(
      async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        const count = (y: number, rows: number) => {
          const { data } = context.getImageData(0, y, image.width, rows);
          return new Set(new Uint32Array(data.buffer)).size;
        };
        return [count(0, 60), count(62, image.height - 140), count(image.height - 64, 60)];
      },
      `data:image/png;base64,${bytes.toString("base64")}`,
    );
    for (const count of kinds) expect(count).toBeGreaterThan(20);
    expect(real(trouble).filter((text) => !text.includes("getImageData"))).toEqual([]);
  });
});
