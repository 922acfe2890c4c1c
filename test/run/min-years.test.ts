import { describe, expect, test } from "vitest";
import { computeAnomalyGrid } from "../../functions/api/anomaly-grid.ts";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { type GridOrder, gridId } from "../../lib/grid/grid-order.ts";
import { findGrid } from "../../lib/grid/stored-grid.ts";
import { makeGrid } from "../../lib/run/grid-step.ts";
import { closeRun } from "../../lib/run/manifest.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { claimed, PRODUCT } from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf, openUntilEnd } from "../support/classic.ts";

const YEARS = 12;
const FILL = -999;

/**
 * An archive of 1990 to 2001 with three cells: one is whole, one lacks January in all but three years, and the last has
 * nothing but one January.
 */
function archive(): string {
  const values = Array.from({ length: 12 * YEARS }, (_, t) => {
    const [year, month] = [Math.floor(t / 12), t % 12];
    return [t, month === 0 && year >= 3 ? FILL : t, t === 0 ? 1 : FILL];
  });
  return classicFile({
    variable: "air",
    axes: { time: monthsOf(1990, ...counting(0, 12 * YEARS)), lat: latitudes(40), lon: longitudes(100, 110, 120) },
    values: values.flat(),
    attributes: { units: "mm/day", _FillValue: new Float32Array([FILL]) },
  });
}

const request = { variable: "air", firstMonth: "1990-01", baseline: [1990, 2001] } as const;

/** Anomalies that are there, by cell: Januaries, and other months. */
async function counted(minYears?: number) {
  const { values, warnings } = await computeAnomalyGrid(archive(), { ...request, minYears });
  const cells = [0, 1, 2].map((cell) => {
    const there = Array.from(
      values.subarray(cell * 12 * YEARS, (cell + 1) * 12 * YEARS),
      (value) => !Number.isNaN(value),
    );
    const januaries = there.filter((is, t) => is && t % 12 === 0).length;
    return [januaries, there.filter(Boolean).length - januaries];
  });
  return { cells, warnings: warnings.map(({ kind, message }) => `${kind}: ${message}`) };
}

describe("a calendar month of a cell has anomalies", () => {
  const [whole, others] = [YEARS, 11 * YEARS];

  test("where a third of the baseline years have it, by default", async () => {
    expect(await counted()).toEqual({
      cells: [
        [whole, others],
        [0, others],
        [0, 0],
      ],
      warnings: [
        "baselineSparse: 2 cells have fewer than 4 baseline years in some calendar month, and no anomalies in it: observations.minYears of the product is 4",
      ],
    });
  });

  test("where as many years have it as the product says", async () => {
    expect(await counted(3)).toMatchObject({
      cells: [
        [whole, others],
        [3, others],
        [0, 0],
      ],
      warnings: [expect.stringContaining("1 cell has fewer than 3 baseline years")],
    });
    expect(await counted(1)).toEqual({
      cells: [
        [whole, others],
        [3, others],
        [1, 0],
      ],
      warnings: [],
    });
  });
});

test("an archive with fewer years than are needed is refused, and what the hint says makes it be read", async () => {
  const of = (minYears?: number) => computeAnomalyGrid(archive(), { ...request, baseline: [1972, 2001], minYears });
  expect((await of()).warnings).toHaveLength(2);
  await expect(of(13)).rejects.toThrow(
    /has 12 of the years of the baseline 1972-2001, and 13 are needed.*or set observations.minYears of the product to 12/,
  );
  expect((await of(12)).warnings).toHaveLength(2);
});

test("a grid's id tells the years that are needed, where they may matter", async () => {
  const id = (more: Partial<GridOrder> = {}) => gridId("etag", { ...request, ...more });
  expect(id({ minYears: 4 })).toBe(id());
  expect(new Set([id(), id({ minYears: 5 }), id({ minYears: 1 })]).size).toBe(3);
  expect(id({ normal: "none", minYears: 5 })).toBe(id({ normal: "none" }));
  const dataset = await openUntilEnd(archive(), "air.nc");
  expect(describeGrid(dataset, request, "etag")).toMatchObject({ id: id(), minYears: 4 });
  expect(describeGrid(dataset, { ...request, minYears: 1 }, "etag")).not.toHaveProperty("minYears");
});

test("a run says so in its manifest, and so does the next one, which finds the grid", async () => {
  const product = { ...PRODUCT, observations: { ...PRODUCT.observations, ...request } };
  const { run, store, plan } = await claimed({ observations: archive() }, undefined, product);
  const close = () => closeRun(run, { errors: {}, seconds: {}, finishedAt: run.claim.now });
  const first = await plan();
  await makeGrid({ ...run, limits: { memoryBytes: GRID_MEMORY_BYTES } });
  const sparse = { kind: "baselineSparse", message: expect.stringMatching(/^(1 cell has|2 cells have) fewer than 4/) };
  expect((await findGrid(store, first.grid.id))?.warnings).toContainEqual(sparse);
  expect(first.warnings).not.toContainEqual(sparse);
  expect((await close()).warnings).toContainEqual(sparse);
  const next = await plan();
  expect([next.grid.stored, next.warnings.filter(({ kind }) => kind === "baselineSparse").length]).toEqual([true, 1]);
  expect((await close()).warnings.filter(({ kind }) => kind === "baselineSparse")).toHaveLength(1);
});

test("a product needs no more years than its baseline has", () => {
  const of = (minYears: number) => ({
    products: [
      {
        name: "x",
        observations: {
          key: "observations/a.nc",
          variable: "a",
          firstMonth: "1990-01",
          baseline: [1991, 1993],
          minYears,
        },
        forecast: { pattern: "*.nc", variable: "a" },
        series: { column: "a", suffix: "a" },
      },
    ],
  });
  expect(parseProducts(JSON.stringify(of(3)), "products.json")[0]).toMatchObject({ observations: { minYears: 3 } });
  expect(() => parseProducts(JSON.stringify(of(4)), "products.json")).toThrow(
    "products[0].observations.minYears is 4: it must be at most the number of baseline years",
  );
});
