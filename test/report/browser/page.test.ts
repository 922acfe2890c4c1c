import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../../functions/local/progress.ts";
import { runLocally } from "../../../functions/local/run.ts";
import { projectionFor } from "../../../lib/report/page/map/projection.ts";
import type { PageData } from "../../../lib/report/page-data.ts";
import { valueOf } from "../../../lib/run/planned-value.ts";
import type { Manifest } from "../../../lib/run/records.ts";
import { makeSample } from "../../../lib/sample/sample.ts";
import { failedReport, type MadeOptions, madeReport, partialReport } from "../../support/made-report.ts";
import { serious } from "./axe.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";
import { find, pageOf, shownStation } from "./looking.ts";

const STATIONS = 2000;

if (!HAS_BROWSER)
  console.log(`browser tests are left out: there is no browser for ${process.platform} ${process.arch}`);

/** Where the map has its stations, in pixels of the canvas: worked out anew from the page's data. */
async function placesOf(page: Page): Promise<[x: number, y: number][]> {
  const data = JSON.parse((await page.locator("#data").textContent())!) as PageData;
  const { width, height } = (await page.locator("canvas.map").boundingBox())!;
  const projection = projectionFor(data.region, width, height);
  return data.stations.lon.map((lon, i) => projection([lon, data.stations.lat[i]!])!);
}

describe.runIf(HAS_BROWSER)("the page of a run", () => {
  let browser: TestBrowser;
  let folder: string;
  let report: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "s2s-test-"));
    const files = await makeSample(join(folder, "in"), { resolution: 2.5, months: 498, stations: STATIONS, seed: 7 });
    const out = join(folder, "out");
    mkdirSync(out);
    const request = { ...files, out, product: "prec", mode: "new", gridMemory: 256 } as const;
    const { manifest } = await runLocally(request, silent);
    report = join(out, "runs", manifest.runId, "index.html");
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  const made = async (options?: MadeOptions) => pageOf(madeReport(options));

  test("loads from a file with no error and no request, and is below 1 MB", async () => {
    const { page, trouble } = await browser.open(report);
    expect(trouble).toEqual([]);
    expect(readFileSync(report).length).toBeLessThan(1e6);
    expect(await page.locator("h1").textContent()).toContain("August 2020, issued 25 June");
    expect(await page.locator(".status").textContent()).toBe("Complete");
    const facts = await page.locator("header dl").innerText();
    for (const fact of ["20200625.202008", "25 June 2020", "1981–2010", "2000 of 2000 written"]) {
      expect(facts).toContain(fact);
    }
  });

  test("is below 1 MB when every one of 2000 stations has a cell of its own", async () => {
    expect(Buffer.byteLength(await made({ stations: STATIONS }))).toBeLessThan(1e6);
  });

  test("draws every station in its colour, and the coast", async () => {
    const { page } = await browser.open(report);
    const looked = await page.evaluate(
      (places) => {
        const canvas = document.querySelector<HTMLCanvasElement>("canvas.map")!;
        const context = canvas.getContext("2d")!;
        const land = getComputedStyle(document.documentElement).getPropertyValue("--land");
        const sea = getComputedStyle(document.documentElement).getPropertyValue("--sea");
        const hex = (x: number, y: number) => {
          const [r, g, b] = context.getImageData(Math.round(x), Math.round(y), 1, 1).data;
          return `#${[r, g, b].map((byte) => byte!.toString(16).padStart(2, "0")).join("")}`;
        };
        const dots = places
          .map(([x, y]) => hex(x, y))
          .filter((colour) => colour !== land.trim() && colour !== sea.trim());
        const all = context.getImageData(0, 0, canvas.width, canvas.height).data;
        const colours = new Map<string, number>();
        for (let i = 0; i < all.length; i += 4) {
          const key = `#${[all[i], all[i + 1], all[i + 2]].map((byte) => byte!.toString(16).padStart(2, "0")).join("")}`;
          colours.set(key, (colours.get(key) ?? 0) + 1);
        }
        const share = (colour: string) => (colours.get(colour.trim()) ?? 0) / (all.length / 4);
        return { dots: dots.length, kinds: new Set(dots).size, land: share(land), sea: share(sea) };
      },
      await placesOf(page),
    );
    expect(looked.dots).toBe(STATIONS);
    expect(looked.kinds).toBeGreaterThan(100);
    expect(looked.land).toBeGreaterThan(0.2);
    expect(looked.sea).toBeGreaterThan(0.1);
  });

  test("tells of a station under the pointer, and shows its series on a click", async () => {
    const { page, trouble } = await browser.openText(await made({ stations: 12 }));
    const before = await shownStation(page);
    const position = before === "站3 (50003)" ? 4 : 3;
    const box = (await page.locator("canvas.map").boundingBox())!;
    const [left, top] = (await placesOf(page))[position]!;
    const [x, y] = [box.x + left, box.y + top];
    await page.mouse.move(x, y);
    const tooltip = await page.locator(".tooltip").innerText();
    const forecast = madeReport({ stations: 12 }).about.stations[position]!.forecast.map(valueOf);
    expect(tooltip).toContain(`站${position} (5000${position})`);
    expect(tooltip).toContain(Math.abs(forecast[0]!).toLocaleString("en", { maximumSignificantDigits: 3 }));
    expect(tooltip).toContain("mm/day");
    await page.mouse.click(x, y);
    expect(await shownStation(page)).toBe(`站${position} (5000${position})`);
    await page.mouse.move(5, 5);
    expect(await page.locator(".tooltip").isVisible()).toBe(false);
    expect(trouble).toEqual([]);
  });

  test("finds stations by id, by Chinese and Latin names whatever their accents, and by province; with the keyboard alone", async () => {
    const { page } = await browser.openText(await made({ stations: 30, names: ["Ürümqi", "拉萨", "Nagqu"] }));
    for (const [typed, name] of [
      ["50017", "站17 (50017)"],
      ["拉", "拉萨 (50001)"],
      ["urumqi", "Ürümqi (50000)"],
      ["四川 50007", "站7 (50007)"],
    ] as const) {
      await find(page, typed);
      expect(await shownStation(page)).toBe(name);
    }
    await page.locator("#search").fill("广东");
    expect(await page.locator("#found").getByRole("option").count()).toBe(5);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await shownStation(page)).toBe("站8 (50008)");
    await page.locator("#search").fill("nowhere");
    expect(await page.locator(".found-count").textContent()).toBe("No station");
  });

  test("shows the numbers of the CSV, at the rounding that it states", async () => {
    const { page } = await browser.open(report);
    for (const station of ["50000", "50778", "51999"]) {
      await find(page, station);
      await page.locator(".values summary").click();
      await page.locator(".values tbody tr").first().waitFor();
      const shown = await page
        .locator(".values tbody tr")
        .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
      const href = (await page.locator(".note a").getAttribute("href"))!;
      const lines = readFileSync(join(report, "..", href), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1);
      const [step] = /(?<=rounded to )[\d.]+/.exec(await page.locator(".note").innerText())!;
      // The page has the newest first, and no row for now.
      const [forecast, ...observed] = shown;
      expect(observed).toHaveLength(lines.length - 2);
      const misses = observed.toReversed().filter(([month, text], i) => {
        const [time, value] = lines[i]!.split(",");
        // A missing value is empty here, and 0.0 in the CSV.
        return !time!.startsWith(month!) || Math.abs(Number(text) - Number(value)) > 0.5001 * Number(step);
      });
      expect(misses).toEqual([]);
      const [, decimals = ""] = forecast![1]!.split(".");
      expect(decimals).not.toBe("");
      expect(
        new Set(
          observed
            .map(([, text]) => text)
            .filter((text) => text !== "")
            .map((text) => text!.split(".")[1]!.length),
        ),
      ).toEqual(new Set([decimals.length]));
      expect(forecast![1]).toBe(Number(lines.at(-1)!.split(",")[1]).toFixed(decimals.length));
    }
  });

  test("shades the baseline and draws bars on either side of zero when all years are shown", async () => {
    const { page } = await browser.openText(await made({ stations: 5 }));
    const colours = () =>
      page.locator(".plot canvas").evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement;
        const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
        let shaded = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 3]! > 20 && data[i + 3]! < 50) shaded++;
        return shaded / (data.length / 4);
      });
    const few = await colours();
    await page.getByRole("button", { name: "all", exact: true }).click();
    await expect.poll(colours).toBeGreaterThan(few + 0.2);
    expect(await page.getByRole("button", { name: "all", exact: true }).getAttribute("aria-pressed")).toBe("true");
  });

  test("of a partial run says first what is missing and what to do, and draws what was not written as rings", async () => {
    const { page, trouble } = await browser.openText(await pageOf(partialReport(20)));
    expect(trouble).toEqual([]);
    const [alarm, map] = await Promise.all([
      page.getByRole("alert").boundingBox(),
      page.locator("canvas.map").boundingBox(),
    ]);
    expect(alarm!.y).toBeLessThan(map!.y);
    const text = await page.getByRole("alert").innerText();
    for (const words of [
      "20 of 50 stations were not written",
      "chunk 0001",
      "this tile of the anomaly grid is gone",
      "--resume",
    ]) {
      expect(text).toContain(words);
    }
    await find(page, "50000");
    expect(await page.locator(".station").innerText()).toContain("not written");
    expect(await page.locator(".missing-key").innerText()).toContain("(20)");
  });

  test("of a complete run says how many stations can be used, and why the others cannot", async () => {
    const withCounts = async (counts: Partial<Manifest["counts"]>) => {
      const whole = madeReport();
      const { manifest } = whole;
      const changed = { ...manifest, counts: { ...manifest.counts, ...counts } };
      const { page, trouble } = await browser.openText(await pageOf({ ...whole, manifest: changed }));
      expect([trouble, await serious(page)]).toEqual([[], []]);
      const status = page.locator(".status");
      return {
        status: await status.textContent(),
        colour: await status.evaluate((element) => getComputedStyle(element).color),
        headline: await page.locator(".headline").textContent(),
      };
    };
    const good = await withCounts({});
    expect(good).toMatchObject({
      status: "Complete",
      headline: "50 of 50 stations have observations and a forecast.",
    });
    expect(await withCounts({ usable: 49, withoutForecast: 1 })).toEqual({
      ...good,
      headline: "49 of 50 stations have observations and a forecast; 1 has no forecast.",
    });
    const few = await withCounts({ usable: 6, withoutObservations: 44, tooFar: 10, rejectedRows: 3 });
    expect(few).toMatchObject({
      status: "Complete, 6 of 60 usable",
      headline:
        "6 of 60 stations have observations and a forecast; 44 lie in cells without observations; 10 are too far from any cell, and were not written; 3 rows of the table were not used.",
    });
    expect(few.colour).not.toBe(good.colour);
  });

  test("says which years the forecast is, or was, relative to, where they are not the baseline", async () => {
    const whole = madeReport();
    const withBase = async (years: [number, number], rebased: boolean) => {
      const forecast = { ...whole.manifest.forecast!, base: { years, from: "its attribute", rebased } };
      const html = await pageOf({ ...whole, manifest: { ...whole.manifest, forecast } });
      const { page } = await browser.openText(html);
      return page.locator("header dl").innerText();
    };
    expect(await withBase([1999, 2010], true)).toContain("1981–2010, forecast rebased from 1999–2010");
    expect(await withBase([1999, 2010], false)).toContain("1981–2010, but of the forecast 1999–2010");
    expect(await withBase([1981, 2010], false)).not.toContain("1981–2010,");
  });

  test("says of a forecast that is a mean when all of it were issued", async () => {
    const whole = madeReport();
    const initialisations = ["20200625", "20200624", "20200622"];
    const forecast = { ...whole.manifest.forecast!, initialisations };
    const { page } = await browser.openText(await pageOf({ ...whole, manifest: { ...whole.manifest, forecast } }));
    expect(await page.locator("header dl").innerText()).toMatch(/22\s–\s25 June 2020, mean of 3/);
  });

  test("of a run that failed after all was written says why, and not that nothing was", async () => {
    const whole = madeReport();
    const manifest = { ...whole.manifest, status: "failed", error: "too few are usable" } as const;
    const { page } = await browser.openText(await pageOf({ ...whole, manifest }));
    const text = await page.getByRole("alert").innerText();
    expect(text).toContain("This run failed: its series are not to be used");
    expect(text).toContain("too few are usable");
  });

  test("of a run that failed before it knew its stations says why", async () => {
    const { page, trouble } = await browser.openText(await pageOf(failedReport("precip.nc: is empty. Fetch it again")));
    expect(trouble).toEqual([]);
    expect(await page.getByRole("alert").innerText()).toContain("precip.nc: is empty. Fetch it again");
    expect(await serious(page)).toEqual([]);
  });

  test("shows another lead when it is chosen, on the same scale", async () => {
    const leads = ["2020-08-01 00:00:00", "2020-09-01 00:00:00"];
    const { page } = await browser.openText(await made({ leads, units: "K", variable: "air" }));
    const words = () => page.locator(".histogram").getAttribute("aria-label");
    const first = await words();
    expect(await page.locator(".legend").getAttribute("aria-label")).toContain("colder");
    await page.getByLabel("Month").selectOption("Sept 2020");
    await expect.poll(words).not.toBe(first);
  });

  test("colours the map by percent from normal, in classes, when that is chosen", async () => {
    const twelve = madeReport({ stations: 12 });
    const shares = [twelve.about.stations.map((_, i) => (i === 3 ? -60 : i === 4 ? Number.NaN : i))];
    const { page, trouble } = await browser.openText(await pageOf({ ...twelve, shares }));
    const coloursOf = async () =>
      page.evaluate(
        (places) => {
          const context = document.querySelector<HTMLCanvasElement>("canvas.map")!.getContext("2d")!;
          return places.map(([x, y]) => context.getImageData(Math.round(x), Math.round(y), 1, 1).data.join());
        },
        await placesOf(page),
      );
    expect(new Set(await coloursOf()).size).toBeGreaterThan(4);
    await page.locator("#shown").selectOption("% from normal");
    const legend = page.locator("svg.legend");
    await legend.getByText("% from normal").waitFor();
    expect(await legend.locator("text").allTextContents()).toEqual(
      expect.arrayContaining(["−50", "−20", "+20", "+50"]),
    );
    await expect.poll(async () => new Set((await coloursOf()).filter((_, i) => i !== 4)).size).toBe(2);
    expect(await page.locator(".missing-key").innerText()).toBe("no normal or forecast, or not written (1)");
    const box = (await page.locator("canvas.map").boundingBox())!;
    const [left, top] = (await placesOf(page))[3]!;
    await page.mouse.move(box.x + left, box.y + top);
    expect(await page.locator(".tooltip").innerText()).toContain("−60\u00a0% from normal");
    // What the browser says of this test's own looking.
    expect(trouble.filter((text) => !text.includes("getImageData"))).toEqual([]);
  });

  test("leads from a warning to its stations, and shows all of a long list", async () => {
    const warnings = Array.from({ length: 40 }, (_, i) => ({
      kind: "cellMissing" as const,
      message: "no observations",
      station: String(50_000 + i),
    }));
    const { page } = await browser.openText(await made({ stations: 60, warnings }));
    expect(await page.locator(".chip").count()).toBe(24);
    await page.getByRole("button", { name: "show all 40" }).click();
    expect(await page.locator(".chip").count()).toBe(40);
    await page.locator(".chip", { hasText: "站39 (50039)" }).click();
    expect(await shownStation(page)).toBe("站39 (50039)");
  });

  test("runs nothing that a station's name or an error brings", async () => {
    const evil = '</script><script>document.title="owned"</script><img src=x onerror=\'document.title="owned"\'>';
    const names = [evil, "<!--<script>", "$&$1\u2028"];
    const harmless = partialReport(1, { names });
    const missing = [{ ...harmless.manifest.missing[0]!, error: evil }];
    const manifest = { ...harmless.manifest, runId: "prec-$&-0123456789ab", missing };
    const html = await pageOf({ ...harmless, manifest });
    const { page, trouble } = await browser.openText(html);
    expect(trouble).toEqual([]);
    expect(await page.title()).toBe("prec, August 2020, issued 25 June: partial");
    await find(page, "50000");
    expect(await shownStation(page)).toBe(`${evil} (50000)`);
    await find(page, "50002");
    expect(await shownStation(page)).toBe("$&$1\u2028 (50002)");
  });

  describe.each([
    ["a desk, light", { viewport: { width: 1440, height: 1000 }, colorScheme: "light" }],
    ["a desk, dark", { viewport: { width: 1440, height: 1000 }, colorScheme: "dark" }],
    ["a phone, light", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
    ["a phone, dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
  ] as const)("on %s", (_, options) => {
    test("nothing overflows, and axe finds nothing serious", async () => {
      const { page, trouble } = await browser.open(report, options);
      const [width, height] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.querySelector(".map-frame")!.clientHeight,
      ]);
      expect(width).toBe(options.viewport.width);
      expect(height).toBeGreaterThan(200);
      const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(dark).toBe(options.colorScheme === "dark" ? "rgb(20, 24, 28)" : "rgb(246, 246, 244)");
      expect(await serious(page)).toEqual([]);
      expect(trouble).toEqual([]);
    });
  });
});
