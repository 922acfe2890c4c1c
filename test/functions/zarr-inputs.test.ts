import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { check } from "../../functions/local/check.ts";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { startCloud } from "../support/cloud.ts";
import { inputs, localRequest, manifestIn, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { bucket, startS3 } from "../support/s3-server.ts";
import { zarrOf } from "../support/zarr-of.ts";

const expected = texts(fixture("run/expected"));
const NOW = "1997-05-20 06:07:08";

async function filesOf(name: string): Promise<Readonly<Record<string, Uint8Array>>> {
  const dataset = await openDataset(fixture(`run/${name}`));
  const files = zarrOf(dataset);
  dataset.close();
  return files;
}

const archive = await filesOf("precip.mon.mean.nc");
const forecast = await filesOf("CFSv2.Prec.19970520.199707.nc");

function storeOf(files: Readonly<Record<string, Uint8Array>>, name: string): string {
  const folder = join(temporaryFolder(), name);
  for (const [key, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
  }
  return folder;
}

const request = (observations: string, out: string) =>
  localRequest({ observations, out, forecast: storeOf(forecast, "CFSv2.Prec.19970520.199707.zarr") });

describe("a run of this machine over stores of Zarr", () => {
  test("writes the bytes of the seed job; where a chunk changes, it is another run", async () => {
    const out = temporaryFolder();
    const store = storeOf(archive, "precip.zarr");
    const { manifest } = await runLocally(request(store, out), silent);
    expect(manifest).toMatchObject({ status: "complete", inputs: { observations: { key: "precip.zarr" } } });
    expect(seriesIn(out)).toEqual(expected);
    const again = await runLocally(request(store, out), silent);
    expect(again.manifest).toMatchObject({ runId: manifest.runId, grid: { stored: true } });
    expect((await check(request(store, out))).text).toContain("precip.zarr: precip in mm/day, 1990-03 to 1997-05");
    rmSync(join(store, "precip/3.0.0"));
    const changed = await runLocally(request(store, out), silent);
    expect(changed.manifest).toMatchObject({ status: "complete", grid: { stored: false } });
  });

  test("shows what it holds", async () => {
    const { code, stdout } = await s2s("inspect", storeOf(archive, "precip.zarr"));
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining("time is time (100 times, 1989-02-01 00:00:00 to 1997-05-01"),
    ]);
  });

  test("in a bucket, downloads it once, and leaves nothing", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.close());
    bucket(s3, "input");
    for (const [key, bytes] of Object.entries(archive))
      s3.store.putObject("input", `obs/a.zarr/${key}`, Buffer.from(bytes));
    const [out, temporary] = [temporaryFolder(), temporaryFolder()];
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const named = inputs({ observations: "/" }).map((text) => (text === "/" ? "s3://input/obs/a.zarr" : text));
    const { code, stderr } = await s2s("run", ...named, "--out", out, "--now", NOW);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(seriesIn(out)).toEqual(expected);
    expect(manifestIn(out).inputs.observations.key).toBe("obs/a.zarr");
    const reads = s3.requests.filter(({ operation }) => operation === "GetObject");
    expect(reads).toHaveLength(Object.keys(archive).length);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("the functions over stores of Zarr", () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  test.each([
    ["whole", {}, []],
    ["in bands", { INVOCATION_SECONDS: "0.0042", GRID: "global" }, ["0001", "0002"]],
  ])("make the grid %s, with the bytes of the seed job", async (_, settings, bands) => {
    const cloud = await startCloud({ OBSERVATIONS_KEY: "observations/a.zarr", ...settings });
    onTestFinished(() => cloud.close());
    const key = "forecasts/CFSv2.Prec.19970520.199707.zarr";
    for (const [name, bytes] of Object.entries(archive)) await cloud.put(`observations/a.zarr/${name}`, bytes);
    for (const [name, bytes] of Object.entries(forecast)) await cloud.put(`${key}/${name}`, bytes);
    const execution = await cloud.execute({ forecastKey: key, product: "prec", now: "1997-05-20T06:07:08" });
    expect(execution.results).toMatchObject([{ status: "complete" }]);
    expect(execution.bands.toSorted()).toEqual(bands);
    expect(ofOneRun(cloud.output("prec/19970520.199707/"))).toEqual(expected);
  });
});
