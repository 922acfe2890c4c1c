import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectionFor } from "../../../lib/report/page/map/projection.ts";
import type { PageData } from "../../../lib/report/page-data.ts";
import type { Report } from "../../../lib/report/report.ts";
import { reportPage } from "../../../lib/report/write.ts";
import { madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";

const STATIONS = 20_000;

/** So many cells have no series on a page. */
function manyStations(): Report {
  const made = madeReport({ stations: STATIONS });
  return { ...made, history: { ...made.history, cells: [], packed: null, positions: new Map() } };
}

/** How many dots the map has when it is zoomed in by one step. */
const dotsOf = (page: Page) =>
  page.evaluate(async () => {
    let dots = 0;
    const drawing = CanvasRenderingContext2D.prototype;
    const arc = Reflect.get(drawing, "arc") as (this: CanvasRenderingContext2D, ...values: unknown[]) => void;
    Reflect.set(drawing, "arc", function count(this: CanvasRenderingContext2D, ...values: unknown[]) {
      if (this.canvas.className === "map") dots++;
      arc.call(this, ...values);
    });
    document.querySelector<HTMLCanvasElement>("canvas.map")!.dispatchEvent(new KeyboardEvent("keydown", { key: "+" }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    Reflect.set(drawing, "arc", arc);
    return dots;
  });

describe.runIf(HAS_BROWSER)("the map of 20,000 stations", () => {
  let browser: TestBrowser;
  let html: string;
  beforeAll(async () => {
    browser = await startBrowser();
    html = new TextDecoder().decode(await reportPage(manyStations()));
  });
  afterAll(async () => browser?.close());

  test("is of a page below 4 MB", () => expect(Buffer.byteLength(html)).toBeLessThan(4e6));

  test("has squares of means, and dots when it is zoomed in", async () => {
    const { page, trouble } = await browser.openText(html);
    // The ring of the selected station.
    expect(await dotsOf(page)).toBeLessThanOrEqual(1);
    await page.locator("canvas.map").focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("+");
    const dots = await dotsOf(page);
    expect(dots).toBeGreaterThan(10);
    expect(dots).toBeLessThan(3001);
    expect(trouble).toEqual([]);
  });

  test("finds the station that is nearest to the pointer, and tells of the mean of its square", async () => {
    const { page } = await browser.openText(html);
    const data = JSON.parse((await page.locator("#data").textContent())!) as PageData;
    const { x, y, width, height } = (await page.locator("canvas.map").boundingBox())!;
    const projection = projectionFor(data.region, width, height);
    const points = data.stations.lon.map((lon, i) => projection([lon, data.stations.lat[i]!])!);
    // A mouse has whole pixels of the page.
    for (const [pageX, pageY] of [
      [Math.round(x) + 300, Math.round(y) + 250],
      [Math.round(x) + 351, Math.round(y) + 301],
      [Math.round(x) + 250, Math.round(y) + 333],
    ] as const) {
      const [left, top] = [pageX - x, pageY - y];
      const distances = points.map((point) => Math.hypot(point[0] - left, point[1] - top));
      const nearest = distances.indexOf(Math.min(...distances));
      await page.mouse.move(pageX, pageY);
      const [title, , mean] = (await page.locator(".tooltip").innerText()).split("\n");
      expect(title).toBe(`站${nearest} (${50_000 + nearest})`);
      expect(mean).toMatch(/^mean of \d+: [+−][\d.]+\u00a0mm\/day$/);
      await page.mouse.click(pageX, pageY);
      expect(await page.locator(".station h2").textContent()).toBe(title);
    }
  });

  test("has squares of the stations alone that a filter leaves", async () => {
    const { page } = await browser.openText(html);
    const tooltip = async () => {
      // A filter scrolls the page.
      const { x, y } = (await page.locator("canvas.map").boundingBox())!;
      await page.mouse.move(Math.round(x) + 290, Math.round(y) + 250);
      await page.mouse.move(Math.round(x) + 300, Math.round(y) + 250);
      return (await page.locator(".tooltip").innerText()).split("\n");
    };
    const [title = ""] = await tooltip();
    const [, id = ""] = /\((\d+)\)$/.exec(title) ?? [];
    await page.locator("#filter").fill(id);
    // It is alone in its square.
    expect(await tooltip()).toEqual([title, expect.stringContaining("mm/day")]);
  });
});
