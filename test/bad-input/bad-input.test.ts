import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Logger } from "@aws-lambda-powertools/logger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployedProducts } from "../../functions/coordinator/products.ts";
import { requestedRuns } from "../../functions/coordinator/request.ts";
import { coordinatorSettings } from "../../functions/settings.ts";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { inputKeys } from "../../lib/keys.ts";
import { claimRun } from "../../lib/run/claim.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { planRun } from "../../lib/run/plan.ts";
import type { Product } from "../../lib/run/product.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { s3File } from "../../lib/store/s3-file.ts";
import { tally } from "../faults/tally.ts";
import { type CaseInput, inputOf, type Outcome, outcomeOf, runWith } from "../support/bad-input-cases.ts";
import { fixture } from "../support/golden.ts";
import { peakMiB, processorSeconds } from "../support/processes.ts";
import { bucket, type S3Server, startS3 } from "../support/s3-server.ts";

/**
 * How a case of each group is run. A case is a folder of its own with its input, or a `make.ts` that makes it, and what
 * is to come of it in `expected.json`, which `WRITE_EXPECTED=1` writes for a new case, to be read before it is believed.
 */
const GROUPS: Readonly<Record<string, (input: CaseInput) => Outcome | Promise<Outcome>>> = {
  observations: (input) => runWith("observations", input),
  forecast: (input) => runWith("forecast", input),
  stations: (input) => runWith("stations", input),
  events: (input) => request(input),
  settings: ({ content }) =>
    outcomeOf(() => coordinatorSettings({ ...SETTINGS, ...jsonOf<NodeJS.ProcessEnv>(content) })),
  products: ({ content }) =>
    outcomeOf(() => ({ products: parseProducts(String(content), "products.json").map(({ name }) => name) })),
};

const SETTINGS = {
  INPUT_BUCKET: "input-bucket",
  OUTPUT_BUCKET: "output-bucket",
  STATION_CHUNK_FUNCTION: "station-chunk:live",
};

/** What no case may take, of processor time and of memory: all inputs are small, or must be refused before they are read whole. */
const MOST_SECONDS = 20;
const MOST_MIB = 400;

const NOW = "2020-06-30 12:34:56";

let s3: S3Server;
let downloads: string;
beforeAll(async () => {
  downloads = mkdtempSync(join(tmpdir(), "s2s-test-"));
  s3 = await startS3();
  bucket(s3, SETTINGS.OUTPUT_BUCKET);
  const input = s3Store(s3.client, bucket(s3, SETTINGS.INPUT_BUCKET));
  for (const [key, name] of [
    ["observations/precip.mon.mean.nc", "precip.mon.mean.nc"],
    ["stations/stations.xls", "stations.xls"],
    ["products.json", "products.json"],
  ] as const) {
    await input.put(key, readFileSync(fixture(`run/${name}`)));
  }
});
afterAll(() => {
  rmSync(downloads, { recursive: true });
  return s3.close();
});

/** The request, and what the planning of its runs says, by what the coordinator's steps call, over the S3 server. */
function request({ content }: CaseInput): Promise<Outcome> {
  const { event, objects = {} } = jsonOf<{ event: unknown; objects?: Record<string, string> }>(content);
  return outcomeOf(async () => {
    const input = s3Store(s3.client, SETTINGS.INPUT_BUCKET);
    for (const [key, body] of Object.entries(objects)) await input.put(key, body);
    const products = await deployedProducts(input, coordinatorSettings(SETTINGS));
    const { orders, refused } = requestedRuns(event, products, SETTINGS.INPUT_BUCKET, new Logger());
    const store = s3Store(s3.client, SETTINGS.OUTPUT_BUCKET);
    const runs = [];
    for (const { product, forecastKey, ...asked } of orders) {
      const inputs = inputsOf(product, forecastKey);
      const { claim } = await claimRun(store, inputs, { product, ...asked }, { owner: "test", clock: NOW });
      await planRun({ store, inputs, product, claim, limits: { memoryBytes: GRID_MEMORY_BYTES } });
      runs.push({ product: claim.product, forecast: claim.forecast.key });
    }
    return { runs, refused };
  });
}

function inputsOf(product: Product, forecastKey: string): RunInputs {
  const file = (key: string) => s3File(s3.client, SETTINGS.INPUT_BUCKET, key, downloads);
  return {
    observations: file(product.observations.key),
    forecast: file(forecastKey),
    stations: file(inputKeys.stationTable),
  };
}

function jsonOf<T>(content: unknown): T {
  return JSON.parse(new TextDecoder().decode(content as Uint8Array)) as T;
}

/** Makes the peak of memory that Linux tells start again from what is in use now. */
function resetPeak(): void {
  if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
}

describe.each(Object.entries(GROUPS))("%s", (group, outcomeOfCase) => {
  const folder = join(import.meta.dirname, group);
  test.each(readdirSync(folder).sort())("%s", async (name) => {
    const input = await inputOf(join(folder, name));
    resetPeak();
    const before = process.platform === "linux" ? peakMiB() : 0;
    const started = processorSeconds();
    const outcome = await outcomeOfCase(input);
    const seconds = processorSeconds() - started;
    const grown = process.platform === "linux" ? peakMiB() - before : 0;
    const expected = join(folder, name, "expected.json");
    if (process.env["WRITE_EXPECTED"] === "1") writeFileSync(expected, `${JSON.stringify(outcome, null, 2)}\n`);
    expect(outcome).toEqual(JSON.parse(readFileSync(expected, "utf8")));
    expect(seconds).toBeLessThan(MOST_SECONDS);
    expect(grown).toBeLessThan(MOST_MIB);
    tally(`bad input: ${group}`, "error" in outcome ? `refused (${outcome.error.tag})` : "accepted, and told");
  });
});
