import { geoDistance } from "d3-geo";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectionFor } from "../../../lib/report/page/map/projection.ts";
import type { PageData } from "../../../lib/report/page-data.ts";
import { reportPage } from "../../../lib/report/write.ts";
import { type MadeOptions, madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";

const canvasOf = (page: Page) => page.locator("canvas.map");
const scaleOf = (page: Page) => page.locator(".scale-bar span").textContent();
const shownStation = (page: Page) => page.locator(".station h2").textContent();
const scrolled = (page: Page) => page.evaluate(() => scrollY);

/** Four rows of four, a degree apart: from north to south, then from west to east. */
const SQUARE = Array.from({ length: 16 }, (_, i) => [45 - Math.floor(i / 4), 100 + (i % 4)] as const);

/** Until what was asked for is drawn. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** The labels of the map as it was last drawn, with their boxes, once it has been drawn again. */
async function watchLabels(page: Page): Promise<() => Promise<{ text: string; box: number[] }[]>> {
  await page.evaluate(() => {
    const labels: { text: string; box: number[] }[] = [];
    const drawing = CanvasRenderingContext2D.prototype;
    const [text, rectangle] = [Reflect.get(drawing, "fillText"), Reflect.get(drawing, "fillRect")] as ((
      this: CanvasRenderingContext2D,
      ...values: unknown[]
    ) => void)[];
    Object.assign(drawing, {
      fillText(this: CanvasRenderingContext2D, name: string, x: number, y: number) {
        const half = this.measureText(name).width / 2;
        const isLabel = this.canvas.className === "map" && this.textAlign === "center";
        if (isLabel) labels.push({ text: name, box: [x - half, y - 6, x + half, y + 6] });
        text!.call(this, name, x, y);
      },
      fillRect(this: CanvasRenderingContext2D, x: number, y: number, width: number, height: number) {
        // The ground, which is drawn first.
        if (this.canvas.className === "map" && width > 200) labels.length = 0;
        rectangle!.call(this, x, y, width, height);
      },
    });
    Reflect.set(globalThis, "labels", labels);
  });
  return async () => {
    await drawn(page);
    return page.evaluate(() => [...(Reflect.get(globalThis, "labels") as { text: string; box: number[] }[])]);
  };
}

describe.runIf(HAS_BROWSER)("the map of a run's page in use", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  const open = async (made: MadeOptions, options?: BrowserContextOptions) =>
    browser.openText(new TextDecoder().decode(await reportPage(madeReport(made))), options);

  test("leaves the wheel to the page until it is clicked, and says so", async () => {
    const { page } = await open({ places: SQUARE }, { viewport: { width: 1200, height: 700 } });
    const { x, y, width, height } = (await canvasOf(page).boundingBox())!;
    const [scale, hint] = [await scaleOf(page), page.locator(".map-hint")];
    await page.mouse.move(x + width / 2, y + height / 2 - 10);
    expect(await hint.isVisible()).toBe(false);
    await page.mouse.wheel(0, 100);
    await expect.poll(() => scrolled(page)).toBe(100);
    expect(await hint.innerText()).toContain("Ctrl");
    expect(await scaleOf(page)).toBe(scale);

    await page.mouse.click(x + width / 2, y + height / 2 - 110);
    for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -300);
    await expect.poll(() => scaleOf(page)).not.toBe(scale);
    expect(await scrolled(page)).toBe(100);

    await page.keyboard.press("Escape");
    await page.mouse.wheel(0, -100);
    await expect.poll(() => scrolled(page)).toBe(0);
  });

  test("zooms with Ctrl and the wheel before it is clicked", async () => {
    const { page } = await open({ places: SQUARE });
    const { x, y, width, height } = (await canvasOf(page).boundingBox())!;
    const scale = await scaleOf(page);
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.keyboard.down("Control");
    for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    await expect.poll(() => scaleOf(page)).not.toBe(scale);
    expect(await page.locator(".map-hint").isVisible()).toBe(false);
  });

  test("goes from station to station with the arrow keys, tells of each, and is left with Escape", async () => {
    const { page, trouble } = await open({ places: SQUARE });
    await canvasOf(page).focus();
    // To the north-western corner, and round the square.
    for (let i = 0; i < 4; i++) for (const key of ["ArrowLeft", "ArrowUp"]) await page.keyboard.press(key);
    expect(await shownStation(page)).toBe("站0 (50000)");
    for (const [key, station] of [
      ["ArrowRight", 1],
      ["ArrowDown", 5],
      ["ArrowDown", 9],
      ["ArrowRight", 10],
      ["ArrowUp", 6],
      ["ArrowLeft", 5],
    ] as const) {
      await page.keyboard.press(key);
      expect(await shownStation(page)).toBe(`站${station} (${50_000 + station})`);
      const told = (await page.locator(".map-frame [aria-live=polite]").textContent())!;
      expect(told).toContain(`站${station} (${50_000 + station})`);
      expect(told).toContain("mm/day");
      expect(await page.locator(".tooltip strong").innerText()).toBe(`站${station} (${50_000 + station})`);
    }
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("map");
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.className)).not.toBe("map");
    expect(await page.locator(".tooltip").isVisible()).toBe(false);
    expect(trouble).toEqual([]);
  });

  test("zooms with + and −, follows the station that is gone to, and shows all with 0", async () => {
    const { page } = await open({ places: SQUARE });
    const all = await scaleOf(page);
    await canvasOf(page).focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press("+");
    await drawn(page);
    const near = await scaleOf(page);
    expect(near).not.toBe(all);
    const frame = (await canvasOf(page).boundingBox())!;
    for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"]) {
      await page.keyboard.press(key);
      const tip = (await page.locator(".tooltip").boundingBox())!;
      expect(tip.x + tip.width).toBeGreaterThan(frame.x);
      expect(tip.x).toBeLessThan(frame.x + frame.width);
      expect(tip.y + tip.height / 2).toBeGreaterThan(frame.y);
      expect(tip.y + tip.height / 2).toBeLessThan(frame.y + frame.height);
    }
    await page.keyboard.press("-");
    await drawn(page);
    expect(await scaleOf(page)).not.toBe(all);
    await page.keyboard.press("0");
    await drawn(page);
    expect(await scaleOf(page)).toBe(all);
  });

  const spots: readonly { name: string; places: MadeOptions["places"] & {} }[] = [
    {
      name: "on the equator",
      places: [
        [-1, 20],
        [1, 26],
      ],
    },
    {
      name: "far north",
      places: [
        [66, 20],
        [70, 40],
      ],
    },
    {
      name: "half the globe",
      places: [
        [-50, -80],
        [60, 100],
      ],
    },
  ];
  test.each(spots)("has a scale bar that is right in its middle: $name", async ({ places }) => {
    const { page } = await open({ places });
    const data = JSON.parse((await page.locator("#data").textContent())!) as PageData;
    const { width, height } = (await canvasOf(page).boundingBox())!;
    const projection = projectionFor(data.region, width, height);
    const at = (x: number) => projection.invert!([width / 2 + x, height / 2])!;
    const kmOfPixel = (geoDistance(at(-1), at(1)) * 6371) / 2;
    const bar = (await page.locator(".scale-bar div").boundingBox())!;
    const km = Number((await scaleOf(page))!.replace(" km", "").replace(",", ""));
    expect(bar.width).toBeGreaterThan(30);
    expect((bar.width * kmOfPixel) / km).toBeCloseTo(1, 1);
    expect(String(km)).toMatch(/^[125]0*$/);
  });

  test("has names that do not hide each other, and more of them zoomed in", async () => {
    const { page } = await open({ stations: 966 });
    const labels = await watchLabels(page);
    await canvasOf(page).focus();
    await page.keyboard.press("0");
    // Arrows and zoom both draw again.
    await page.keyboard.press("ArrowRight");
    const seen = new Set<string>();
    for (let zoom = 0; zoom < 6; zoom++) {
      const now = await labels();
      expect(now.length).toBeGreaterThan(5);
      for (const [i, { text, box }] of now.entries()) {
        seen.add(text);
        for (const { text: other, box: boxOther } of now.slice(0, i)) {
          const apart =
            box[2]! <= boxOther[0]! || boxOther[2]! <= box[0]! || box[3]! <= boxOther[1]! || boxOther[3]! <= box[1]!;
          expect(apart || `${text} is over ${other}`).toBe(true);
        }
      }
      await page.keyboard.press("+");
    }
    expect(seen).toContain("四川");
    expect(seen.size).toBeGreaterThan(60);
  });

  test("keeps the stations' colours in forced colours, and draws lines in the system's", async () => {
    const look = async (options: BrowserContextOptions) => {
      const { page, trouble } = await open({ places: SQUARE }, options);
      const data = JSON.parse((await page.locator("#data").textContent())!) as PageData;
      const { width, height } = (await canvasOf(page).boundingBox())!;
      const projection = projectionFor(data.region, width, height);
      const looked = await page.evaluate(
        (points) => {
          const probe = document.body.appendChild(document.createElement("i"));
          const rgb = (name: string) => {
            probe.style.color = name;
            return getComputedStyle(probe).color.match(/\d+/g)!.join();
          };
          const canvas = document.querySelector<HTMLCanvasElement>("canvas.map")!;
          const context = canvas.getContext("2d")!;
          const { data: bytes } = context.getImageData(0, 0, canvas.width, canvas.height);
          const at = ([x, y]: [number, number]) => {
            const i = 4 * (Math.round(y) * canvas.width + Math.round(x));
            return bytes.subarray(i, i + 3).join();
          };
          const ground = rgb("Canvas");
          const grounds = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.subarray(4 * i, 4 * i + 3).join());
          return { dots: points.map(at), ground: grounds.filter((one) => one === ground).length / grounds.length };
        },
        data.stations.lon.map((lon, i) => projection([lon, data.stations.lat[i]!])!),
      );
      expect(trouble.filter((text) => !text.includes("getImageData"))).toEqual([]);
      return looked;
    };
    const [usual, forced] = [await look({}), await look({ forcedColors: "active" })];
    expect(forced.dots).toEqual(usual.dots);
    expect(new Set(forced.dots).size).toBeGreaterThan(8);
    expect(usual.ground).toBeLessThan(0.5);
    expect(forced.ground).toBeGreaterThan(0.8);
  });

  test("has buttons of at least 24 pixels that the keyboard reaches", async () => {
    const { page } = await open({ places: SQUARE });
    const scale = await scaleOf(page);
    const buttons = page.locator(".map-frame button");
    for (const button of await buttons.all()) {
      const { width, height } = (await button.boundingBox())!;
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
    }
    await canvasOf(page).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await drawn(page);
    expect(await scaleOf(page)).not.toBe(scale);
  });
});
