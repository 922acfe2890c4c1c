import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectionFor } from "../../../lib/report/page/map/projection.ts";
import type { PageData } from "../../../lib/report/page-data.ts";
import { reportPage } from "../../../lib/report/write.ts";
import { type MadeOptions, madeReport } from "../../support/made-report.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";

type Place = readonly [lat: number, lon: number];

/** All round a pole. */
const around = (lat: number): Place[] => Array.from({ length: 24 }, (_, i) => [lat, i * 15 - 172]);

const REGIONS: readonly { name: string; stations: readonly Place[]; land: readonly Place[]; sea: readonly Place[] }[] =
  [
    {
      name: "the globe",
      stations: [
        [64, -150],
        [40, -100],
        [-10, -60],
        [-45, -70],
        [52, 5],
        [0, 20],
        [-30, 25],
        [60, 90],
        [-25, 135],
        [65, 170],
      ],
      // The last ones are in the band that was land all round.
      land: [
        [45, -110],
        [-5, -65],
        [25, 5],
        [-20, 25],
        [50, 100],
        [-24, 125],
        [-80, 60],
        [-85, -100],
        [62, 120],
        [65, -120],
      ],
      sea: [
        [0, -150],
        [30, -40],
        [-40, 80],
        [-62, 0],
        [-65, 170],
        [58, -170],
        [60, -30],
        [58, -150],
        [57, 150],
        [62, 0],
      ],
    },
    {
      name: "the Pacific on both sides of the antimeridian",
      stations: [
        [-18, 178],
        [21, -157],
        [-14, -171],
        [7, 171],
        [-41, 174],
        [53, -168],
        [43, 145],
      ],
      land: [
        [-25, 140],
        [38, 140.5],
        [45, -118],
        [-6, 144],
        [36, 118],
      ],
      sea: [
        [0, 180],
        [-20, -175],
        [30, 179.9],
        [30, -179.9],
        [45, -150],
        [-45, 165],
      ],
    },
    {
      name: "islands that the antimeridian parts",
      stations: [
        [-16.8, 179.5],
        [-17.8, 177.5],
        [-18.5, -179],
      ],
      land: [
        [-17.8, 178],
        [-16.65, 179.2],
      ],
      sea: [
        [-17.8, 180],
        [-19, -179.5],
        [-17.4, -179.9],
      ],
    },
    {
      name: "Chukotka and Alaska",
      stations: [
        [67, 178],
        [66, -172],
        [64, -150],
      ],
      land: [
        [67, 179.5],
        [67, -178],
        [66, -150],
        [65, 178],
      ],
      sea: [
        [60, 180],
        [61, -175],
        [70, -172],
      ],
    },
    {
      name: "the Arctic",
      stations: around(70),
      land: [
        [78, -40],
        [68, 100],
        [68, -120],
        [68, 30],
        [71.5, -44.5],
      ],
      sea: [
        [88, 15],
        [85, 125],
        [85, -65],
        [75, 5],
        [75, -145],
        [74, 165],
      ],
    },
    {
      name: "the Antarctic",
      stations: around(-64),
      land: [
        [-88, 15],
        [-88, 100],
        [-81, 5],
        [-81, -120],
        [-75, 120],
        [-75, 60],
      ],
      sea: [
        [-63, 0],
        [-65, -150],
        [-63, 170],
        [-63, 90],
        [-76, -175],
        [-73, -40],
      ],
    },
    {
      name: "a station at a pole",
      stations: [[-90, 0]],
      land: [
        [-89, 15],
        [-89, 95],
        [-89, -95],
        [-88.8, 170],
      ],
      sea: [],
    },
    {
      name: "one station",
      stations: [[39.9, 116.4]],
      land: [
        [41, 115],
        [38.5, 115],
        [40.5, 118],
      ],
      sea: [[38.8, 118.4]],
    },
    {
      name: "Russia",
      stations: [
        [42, 20],
        [66, -170],
        [70, 100],
        [55, 60],
        [43, 132],
      ],
      land: [
        [60, 90],
        [67, 179.5],
        [80, -40],
        [55, 160],
      ],
      sea: [
        [88, 15],
        [75, 45],
        [60, 178],
        [55, 148],
        [43, 34],
      ],
    },
  ];

/** What the map shows at places: which of the two there is more of in some pixels, as lines may cross them. */
async function surfaces(page: Page, places: readonly Place[]): Promise<string[]> {
  const data = JSON.parse((await page.locator("#data").textContent())!) as PageData;
  const { width, height } = (await page.locator("canvas.map").boundingBox())!;
  const projection = projectionFor(data.region, width, height);
  const points = places.map(([lat, lon]) => projection([lon, lat])!);
  const isInside = ([x, y]: [number, number]) => x > 3 && y > 3 && x < width - 3 && y < height - 3;
  const seen = await page.evaluate((at) => {
    const context = document.querySelector<HTMLCanvasElement>("canvas.map")!.getContext("2d")!;
    const style = getComputedStyle(document.documentElement);
    const [land, sea] = [style.getPropertyValue("--land").trim(), style.getPropertyValue("--sea").trim()];
    return at.map(([x, y]) => {
      const { data: bytes } = context.getImageData(Math.round(x) - 2, Math.round(y) - 2, 5, 5);
      const counts: Record<string, number> = { [land]: 0, [sea]: 0 };
      for (let i = 0; i < bytes.length; i += 4) {
        const hex = `#${[...bytes.subarray(i, i + 3)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
        counts[hex] = (counts[hex] ?? 0) + 1;
      }
      return counts[land] === counts[sea] ? "neither" : counts[land]! > counts[sea]! ? "land" : "sea";
    });
  }, points);
  return places.map((place, i) => `${place.join(", ")}: ${isInside(points[i]!) ? seen[i]! : "not shown"}`);
}

describe.runIf(HAS_BROWSER)("the map of a run's page", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  const open = async (options: MadeOptions) =>
    browser.openText(new TextDecoder().decode(await reportPage(madeReport(options))));

  test.each(REGIONS)("has land where land is, and sea where sea is: $name", async ({ stations, land, sea }) => {
    const { page, trouble } = await open({ places: stations });
    const all = [...land.map((place) => [place, "land"] as const), ...sea.map((place) => [place, "sea"] as const)];
    const found = await surfaces(
      page,
      all.map(([place]) => place),
    );
    expect(found).toEqual(all.map(([place, is]) => `${place.join(", ")}: ${is}`));
    // What the browser says of this test's own looking.
    expect(trouble.filter((text) => !text.includes("getImageData"))).toEqual([]);
    await page.context().close();
  });
});
