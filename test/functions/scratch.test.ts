import { readFileSync } from "node:fs";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { FORECAST, startCloud } from "../support/cloud.ts";
import { fixture } from "../support/golden.ts";
beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());
const forecast = readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc"));
async function c(settings = {}) { const cloud = await startCloud({POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true", ...settings}); onTestFinished(() => cloud.close()); await cloud.put(FORECAST, forecast); return cloud; }
test("resume complete", async () => {
  const cloud = await c();
  await cloud.execute({ forecastKey: FORECAST });
  const r = await cloud.execute({ forecastKey: FORECAST, resume: true });
  console.log(JSON.stringify(r.results), r.error, r.invoked);
});
test("same record twice", async () => {
  const cloud = await c();
  const rec = { eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: { bucket: { name: "input-bucket" }, object: { key: FORECAST } } };
  const r = await cloud.execute({ Records: [rec, rec] });
  console.log(JSON.stringify(r.results), r.error, r.invoked);
});
test("all fail: what error", async () => {
  const cloud = await c();
  cloud.beforeChunk = () => { throw new Error("poison " + "x".repeat(1000)); };
  const r = await cloud.execute({ forecastKey: FORECAST });
  console.log(r.status, r.error?.slice(0, 500));
});
test("manifest step fails", async () => {
  const cloud = await c();
  let n = 0;
  cloud.s3.intercept = ({ method, key }) => method === "PUT" && key.endsWith("manifest.json") && n++ < 1 ? { status: 403, code: "AccessDenied" } : undefined;
  const r = await cloud.execute({ forecastKey: FORECAST });
  console.log(r.status, r.error?.slice(0, 700), Object.keys(cloud.output("prec/")).length);
});
test("grid step crashes after retries: transient 500", async () => {
  const cloud = await c();
  cloud.s3.intercept = ({ method, key }) => method === "PUT" && key.endsWith("grid.json") ? { status: 403, code: "AccessDenied" } : undefined;
  const r = await cloud.execute({ forecastKey: FORECAST });
  console.log(r.status, r.error?.slice(0, 700));
});
test("bad products", async () => {
  const cloud = await c();
  await cloud.put("products.json", "{nope");
  const r = await cloud.execute({ forecastKey: FORECAST });
  console.log(r.status, r.error?.slice(0, 700));
});
test("claim 403", async () => {
  const cloud = await c();
  cloud.s3.intercept = ({ method, key }) => method === "HEAD" ? { status: 403, code: "AccessDenied" } : undefined;
  const r = await cloud.execute({ forecastKey: FORECAST });
  console.log(r.status, r.error?.slice(0, 700));
});
