import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { FORECAST, SERIES, s2s } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";
import { bucket, objects, type S3Server, startS3, textsIn } from "../support/s3-server.ts";

const expected = texts(fixture("run/expected"));
const NOW = ["--now", "1997-05-20T06:07:08"];
const INPUTS = {
  "--observations": "s3://input/observations/precip.mon.mean.nc",
  "--forecast": `s3://input/forecasts/${FORECAST}`,
  "--stations": "s3://input/stations/stations.xls",
  "--products": "s3://input/products.json",
};

let s3: S3Server;
let out: string;
let runs = 0;
let temporary: string;
beforeAll(async () => {
  s3 = await startS3();
  bucket(s3, "input");
  for (const url of Object.values(INPUTS)) {
    const key = url.slice("s3://input/".length);
    s3.store.putObject("input", key, readFileSync(fixture(`run/${key.split("/").at(-1)}`)));
  }
});
afterAll(() => s3.close());
beforeEach(() => {
  runs += 1;
  out = bucket(s3, `out-${runs}`);
  temporary = temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(() => {
  s3.intercept = undefined;
  vi.unstubAllEnvs();
});

/** The run of the goldens, with other values for some of its options. */
function run(target: string, changes: Partial<typeof INPUTS> = {}, ...args: string[]) {
  return s2s("run", ...Object.entries({ ...INPUTS, ...changes }).flat(), "--out", target, ...NOW, ...args);
}

function manifestBelow(prefix = ""): Manifest {
  const found = Object.entries(textsIn(s3, out, `${prefix}runs/`)).find(([key]) => key.endsWith("/manifest.json"));
  return JSON.parse(found?.[1] ?? "null") as Manifest;
}

const remove = (...keys: string[]) => s3.store.deleteObjects(out, keys);

describe("a run from bucket to bucket", () => {
  test("writes the bytes of the seed job, says where they are, and leaves nothing on this machine", async () => {
    const { code, stdout, stderr } = await run(`s3://${out}`);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(textsIn(s3, out, `${SERIES}/`)).toEqual(expected);
    const { runId, status, forecast } = manifestBelow();
    expect([status, forecast?.label]).toEqual(["complete", "19970520.199707"]);
    expect(stdout).toContain(`series    s3://${out}/${SERIES}/<station>.prec.csv\n`);
    expect(stdout).toContain(`manifest  s3://${out}/runs/${runId}/manifest.json\n`);
    expect(stdout).toContain(`page      s3://${out}/runs/${runId}/index.html\n`);
    expect([...objects(s3, out).keys()]).toContain(`runs/${runId}/index.html`);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("may keep to a prefix, and mix files with buckets", async () => {
    const stations = fixture("run/stations.xls");
    expect((await run(`s3://${out}/of/today/`, { "--stations": stations })).code).toBe(0);
    expect(textsIn(s3, out, `of/today/${SERIES}/`)).toEqual(expected);
    expect([...objects(s3, out).keys()].filter((key) => !key.startsWith("of/today/"))).toEqual([]);
    const folder = temporaryFolder();
    expect((await run(folder)).code).toBe(0);
    expect(texts(join(folder, SERIES))).toEqual(expected);
  });

  test("that was stopped is left alone until it is resumed: then only what has no receipt is done", async () => {
    await run(`s3://${out}/a`);
    const { runId } = manifestBelow("a/");
    remove(`a/runs/${runId}/manifest.json`, `a/runs/${runId}/receipts/0001.json`, `a/${SERIES}/50001.prec.csv`);
    const refused = await run(`s3://${out}/a`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`error: s3://${out}/a/runs/${runId}/: this run was begun by `);
    expect(refused.stderr).toMatch(/is unfinished. Add --resume .* or --force/);
    expect((await run(`s3://${out}/a`, {}, "--resume")).code).toBe(0);
    expect(textsIn(s3, out, `a/${SERIES}/`)).toEqual(expected);
    const again = await run(`s3://${out}/a`, {}, "--resume");
    expect(again.stdout).toContain("1 of 1 chunks were done before");
  });
});
