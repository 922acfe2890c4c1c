import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { check } from "../../functions/local/check.ts";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import { type Cloud, FORECAST, startCloud } from "../support/cloud.ts";
import { inputs, localRequest, manifestIn, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, ofOneRun, texts } from "../support/golden.ts";
import { bucket, startS3 } from "../support/s3-server.ts";
import { archiveInParts } from "../support/several.ts";

const expected = texts(fixture("run/expected"));
const NOW = "1997-05-20 06:07:08";
const parts = await archiveInParts();

function folderOfParts(): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(parts)) writeFileSync(join(folder, name), bytes);
  return folder;
}

const request = (observations: string, out: string) => localRequest({ observations, out });

describe("a run of this machine over an archive in several files", () => {
  test("writes the bytes of the seed job, and is found again", async () => {
    const [folder, out] = [folderOfParts(), temporaryFolder()];
    const pattern = join(folder, "precip.*.nc");
    const { code, stderr } = await s2s("run", ...inputs({ observations: pattern }), "--out", out, "--now", NOW);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(seriesIn(out)).toEqual(expected);
    const { runId, inputs: records } = manifestIn(out);
    expect(records.observations.key).toMatch(/\/precip\.\*\.nc$/);
    const again = await runLocally(request(pattern, out), silent);
    expect(again.manifest).toMatchObject({ runId, grid: { stored: true } });
    const { text, usable } = await check(request(pattern, out));
    expect([usable, text]).toEqual([
      true,
      expect.stringContaining("precip.*.nc: precip in mm/day, 1990-03 to 1997-05"),
    ]);
  });

  test("of which a file came since is another run, of another grid", async () => {
    const [folder, out] = [folderOfParts(), temporaryFolder()];
    const pattern = join(folder, "*.nc");
    const last = readFileSync(join(folder, "precip.80.nc"));
    writeFileSync(join(folder, "precip.80.nc"), parts["precip.40.nc"]!);
    await expect(runLocally(request(pattern, out), silent)).rejects.toMatchObject({ tag: "BadTime" });
    writeFileSync(join(folder, "precip.80.nc"), last);
    const { manifest } = await runLocally(request(pattern, out), silent);
    expect(manifest).toMatchObject({ status: "complete", grid: { stored: false } });
  });

  test("in a bucket, downloads it once, and leaves nothing", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.close());
    bucket(s3, "input");
    for (const [name, bytes] of Object.entries(parts)) s3.store.putObject("input", `obs/${name}`, Buffer.from(bytes));
    s3.store.putObject("input", "obs/below/precip.9.nc", Buffer.from("no part of it"));
    const [out, temporary] = [temporaryFolder(), temporaryFolder()];
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const named = inputs({ observations: "/" }).map((text) => (text === "/" ? "s3://input/obs/*.nc" : text));
    const { code, stderr } = await s2s("run", ...named, "--out", out, "--now", NOW);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(seriesIn(out)).toEqual(expected);
    expect(manifestIn(out).inputs.observations.key).toBe("obs/*.nc");
    const reads = s3.requests.filter(({ operation }) => operation === "GetObject").map(({ key }) => key);
    expect(reads.sort()).toEqual(
      Object.keys(parts)
        .map((name) => `obs/${name}`)
        .sort(),
    );
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("the functions over an archive in several objects", () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());
  const START = { forecastKey: FORECAST, product: "prec", now: "1997-05-20T06:07:08" };

  async function cloudOf(settings: Record<string, string>): Promise<Cloud> {
    const cloud = await startCloud({ OBSERVATIONS_KEY: "observations/parts/*.nc", ...settings });
    onTestFinished(() => cloud.close());
    for (const [name, bytes] of Object.entries(parts)) await cloud.put(`observations/parts/${name}`, bytes);
    await cloud.put(FORECAST, readFileSync(fixture("run/CFSv2.Prec.19970520.199707.nc")));
    return cloud;
  }

  test.each([
    ["whole", {}, []],
    ["in bands", { INVOCATION_SECONDS: "0.0042", GRID: "global" }, ["0001", "0002", "0003"]],
  ])("make the grid %s, with the bytes of the seed job", async (_, settings, bands) => {
    const cloud = await cloudOf(settings);
    const execution = await cloud.execute(START);
    expect(execution.results).toMatchObject([{ status: "complete" }]);
    expect(execution.bands.toSorted()).toEqual(bands);
    expect(ofOneRun(cloud.output("prec/19970520.199707/"))).toEqual(expected);
  });

  test("fail a run during which one is replaced", async () => {
    const cloud = await cloudOf({ INVOCATION_SECONDS: "0.0042", GRID: "global" });
    let isFirst = true;
    cloud.beforeBand = async () => {
      if (isFirst)
        await cloud.put("observations/parts/precip.40.nc", Buffer.concat([parts["precip.40.nc"]!, Buffer.of(0)]));
      isFirst = false;
    };
    const { error } = await cloud.execute(START);
    expect(error).toContain("observations/parts/*.nc: was replaced since the run began");
  });
});
