import { readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Cloud, FORECAST, startCloud } from "../support/cloud.ts";
import { fixture } from "../support/golden.ts";

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

async function cloudWith(settings: Record<string, string>): Promise<Cloud> {
  const cloud = await startCloud(settings);
  onTestFinished(() => cloud.close());
  await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
  const { products } = JSON.parse(readFileSync(fixture("run/products.json"), "utf8")) as { products: object[] };
  await cloud.put("products.json", JSON.stringify({ products: [...products, { ...products[0], name: "rain" }] }));
  return cloud;
}

test("a deployment makes its products alone, with its baseline", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain", BASELINE: "1992-1994" });
  const { results } = await cloud.execute({ forecastKey: FORECAST });
  expect(results).toMatchObject([{ product: "rain", status: "complete" }]);
  expect(Object.keys(cloud.output("prec/"))).toEqual([]);
  const plan = JSON.parse(cloud.output(`runs/${results[0]!.runId}/`)["plan.json"]!) as { grid: { id: string } };
  expect(plan.grid.id).toMatch(/^precip-1990-03-1992-1994-/);
});

test("a product that is not the deployment's is answered with those that are", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain" });
  const { error } = await cloud.execute({ forecastKey: FORECAST, product: "prec" });
  expect(error).toContain('there is no product \\"prec\\". Valid choices: rain"');
});

test("a product that nobody defined fails every event, and says what is defined", async () => {
  const cloud = await cloudWith({ PRODUCTS: "rain,snow" });
  const { error } = await cloud.execute({ forecastKey: FORECAST });
  expect(error).toContain('there is no product "snow". Valid choices: prec, rain.');
});
