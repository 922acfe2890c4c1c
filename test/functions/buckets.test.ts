import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { FORECAST, node, PROGRAM, SERIES, s2s, seriesIn } from "../support/command.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";
import { fixture, golden, ofOneRun, texts } from "../support/golden.ts";
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
  test("takes all forecasts below a prefix, and those of a pattern", async () => {
    const bytes = readFileSync(fixture(`run/${FORECAST}`));
    for (const day of [21, 22]) {
      const name = FORECAST.replace("0520", `05${day}`);
      s3.store.putObject("input", `forecasts/1997/${name}`, Buffer.concat([bytes, Buffer.alloc(day)]));
    }
    s3.store.putObject("input", "forecasts/1997/older/CFSv2.Prec.19970401.199705.nc", bytes);
    for (const named of ["s3://input/forecasts/1997/", "s3://input/forecasts/1997/*.nc"]) {
      const { code, stdout } = await run(`s3://${out}`, { "--forecast": named });
      expect([code, stdout]).toEqual([0, expect.stringContaining("runs      2: 2 complete\n")]);
    }
    expect(Object.keys(textsIn(s3, out, "prec/")).filter((key) => key.startsWith("19970522"))).toHaveLength(20);
    expect(filesIn(temporary)).toEqual([]);
  });

  test("writes the bytes of the seed job, says where they are, and leaves nothing on this machine", async () => {
    const { code, stdout, stderr } = await run(`s3://${out}`);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(ofOneRun(textsIn(s3, out, `${SERIES}/`))).toEqual(expected);
    const { runId, status, forecast, series } = manifestBelow();
    expect([status, forecast?.label]).toEqual(["complete", "19970520.199707"]);
    expect(stdout).toContain(`series    s3://${out}/${series?.replace("{station}", "<station>")}\n`);
    expect(stdout).toContain(`manifest  s3://${out}/runs/${runId}/manifest.json\n`);
    expect(stdout).toContain(`page      s3://${out}/runs/${runId}/index.html\n`);
    expect([...objects(s3, out).keys()]).toContain(`runs/${runId}/index.html`);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("may keep to a prefix, and mix files with buckets", async () => {
    const stations = fixture("run/stations.xls");
    expect((await run(`s3://${out}/of/today/`, { "--stations": stations })).code).toBe(0);
    expect(ofOneRun(textsIn(s3, out, `of/today/${SERIES}/`))).toEqual(expected);
    expect([...objects(s3, out).keys()].filter((key) => !key.startsWith("of/today/"))).toEqual([]);
    const folder = temporaryFolder();
    expect((await run(folder)).code).toBe(0);
    expect(seriesIn(folder)).toEqual(expected);
  });

  test("makes the mean of the forecasts beside the one that is named", async () => {
    const room = fixture("initialisations");
    for (const name of readdirSync(room).filter((file) => file.endsWith(".nc"))) {
      s3.store.putObject("input", `several/${name}`, readFileSync(join(room, name)));
    }
    const { products } = golden<{ products: { forecast: object }[] }>("run/products.json");
    const [prec] = products as [{ forecast: object }];
    const averaging = { ...prec, forecast: { ...prec.forecast, initialisations: { last: 10, within: "15 days" } } };
    s3.store.putObject("input", "several/products.json", Buffer.from(JSON.stringify({ products: [averaging] })));
    const { code } = await run(`s3://${out}`, {
      "--forecast": `s3://input/several/${FORECAST}`,
      "--stations": join(room, "stations.csv"),
      "--products": "s3://input/several/products.json",
    });
    expect(code).toBe(0);
    expect(ofOneRun(textsIn(s3, out, `${SERIES}/`))).toEqual(texts(join(room, "expected")));
    expect(manifestBelow().inputs.initialisations?.map(({ key }) => key)).toEqual([
      "several/CFSv2.Prec.19970519.199707.nc",
      "several/CFSv2.Prec.19970517.199707.nc",
    ]);
  });

  test("that was stopped is left alone until it is resumed: then only what has no receipt is done", async () => {
    await run(`s3://${out}/a`);
    const { runId, series } = manifestBelow("a/");
    const lost = series!.replace("{station}", "50001");
    remove(`a/runs/${runId}/manifest.json`, `a/runs/${runId}/receipts/0001.json`, `a/${lost}`);
    const refused = await run(`s3://${out}/a`);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`error: s3://${out}/a/runs/${runId}/: this run was begun by `);
    expect(refused.stderr).toMatch(/is unfinished. Add --resume .* or --force/);
    const claim = `a/runs/${runId}/claim.json`;
    const elsewhere = textsIn(s3, out, claim)[""]!.replace(
      /"owner": "[^"]*/,
      '"owner": "another-host:another-machine.1.a',
    );
    s3.store.putObject(out, claim, Buffer.from(elsewhere));
    const unseen = (await run(`s3://${out}/a`)).stderr;
    expect(unseen).toMatch(/another-host.*From here it cannot be seen whether that still works; when it does not: Add/);
    expect((await run(`s3://${out}/a`, {}, "--resume")).code).toBe(0);
    expect(ofOneRun(textsIn(s3, out, `a/${SERIES}/`))).toEqual(expected);
    const again = await run(`s3://${out}/a`, {}, "--resume");
    expect(again.stdout).toContain("1 of 1 chunks were done before");
  });
});

describe("what cannot be read or written ends with one clear message", () => {
  test.each([
    [
      "no bucket",
      { "--forecast": `s3://no-such-bucket/${FORECAST}` },
      "error: s3://no-such-bucket: there is no such bucket",
    ],
    ["no object", { "--stations": "s3://input/none.xls" }, "error: s3://input/none.xls: there is no such object"],
    ["no products", { "--products": "s3://input/none.json" }, "error: s3://input/none.json: there is no such object"],
  ])("%s", async (_, changes, message) => {
    const { code, stderr } = await run(`s3://${out}`, changes);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(code).toBe(1);
    expect([...objects(s3, out).keys()]).toEqual([]);
  });

  test("no bucket to write to", async () => {
    const { code, stderr } = await run("s3://no-such-bucket/a");
    expect(stderr).toContain(
      "error: s3://no-such-bucket: there is no such bucket. Check the bucket's name and account",
    );
    expect(code).toBe(1);
  });

  test.each([
    [
      "GetObject",
      "HeadObject",
      403,
      "AccessDenied",
      `forecasts/${FORECAST}: S3 refused s3:GetObject: access is denied`,
    ],
    ["PutObject", "PutObject", 403, "AccessDenied", "S3 refused s3:PutObject: AccessDenied by the test"],
    ["credentials", "HeadObject", 400, "ExpiredToken", "Check that the credentials have not expired"],
  ])("denied %s", async (_, operation, status, code, message) => {
    s3.intercept = (request) => (request.operation === operation ? { status, code } : undefined);
    const outcome = await run(`s3://${out}`, { "--observations": fixture("run/precip.mon.mean.nc") });
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
    expect(outcome.code).toBe(1);
  });

  test.each([
    [
      "no credentials",
      { AWS_ACCESS_KEY_ID: "", AWS_EC2_METADATA_DISABLED: "true" },
      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID",
    ],
    ["no region", { AWS_REGION: "" }, "Region is missing. Set AWS_REGION"],
    [
      "a server that is not there",
      { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
      "/runs/: connect ECONNREFUSED 127.0.0.1:9",
    ],
    ["no URL", { AWS_ENDPOINT_URL: "localhost" }, "Set AWS_ENDPOINT_URL to a URL"],
    ["no path style", { S3_FORCE_PATH_STYLE: "yes" }, `S3_FORCE_PATH_STYLE is "true" or "false", not "yes"`],
  ])("%s", async (_, environment, message) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value === "" ? undefined : value);
    const { code, stderr } = await s2s("status", `s3://${out}/a`);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(code).toBe(1);
  });

  test.each([
    ["run", ["--out", "https://example.org/out"], "https:// is not read. Give a path, or s3://bucket/key"],
    ["run", ["--forecast", "gs://bucket/a.nc"], "gs:// is not read. Give a path, or s3://bucket/key"],
    ["run", ["--observations", "file:///a.nc"], "is a URL of a file. Give its path alone"],
    ["run", ["--stations", "s3://input"], "names no object. Write s3://bucket/key, the whole key"],
    ["inspect", ["http://example.org/a.nc"], "http:// is not read. Give a path, or s3://bucket/key"],
    ["sample", ["--out", "s3://out/a"], "s3://out/a: is not a folder of this machine. Give a path"],
  ])("s2s %s %j", async (command, args, message) => {
    const { code, stdout, stderr } = await s2s(command, ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

test("status, open and inspect read buckets too", async () => {
  await run(`s3://${out}/a`);
  const { runId } = manifestBelow("a/");
  const status = await s2s("status", `s3://${out}/a`);
  expect(status.stdout).toMatch(new RegExp(`^prec +19970520\\.199707 +complete +20/20 .* ${runId}$`, "m"));
  expect(await s2s("open", `s3://${out}/a/`)).toEqual({
    code: 0,
    stdout: `s3://${out}/a/runs/${runId}/index.html\n`,
    stderr: "",
  });
  const inspected = await s2s("inspect", INPUTS["--observations"], "--products", INPUTS["--products"]);
  expect(inspected.stdout).toContain(`netcdf ${INPUTS["--observations"]} {`);
  expect(inspected.stdout).toContain("product prec, as observations: yes, 87 months");
  expect(readdirSync(temporary)).toEqual([]);
});

test("a server that a profile names is reached by its host's name alone, unless S3_FORCE_PATH_STYLE says otherwise", async () => {
  const config = join(temporary, "config");
  // Of this name no bucket's own host, bucket.s3.localhost, has to be known.
  const endpoint = s3.endpoint.replace("127.0.0.1", "localhost");
  writeFileSync(config, `[profile lab]\nregion = us-east-1\nendpoint_url = ${endpoint}\n`);
  vi.stubEnv("AWS_CONFIG_FILE", config);
  vi.stubEnv("AWS_PROFILE", "lab");
  vi.stubEnv("AWS_ENDPOINT_URL", undefined);
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(temporary, "credentials"));
  writeFileSync(join(temporary, "credentials"), "[lab]\naws_access_key_id = test\naws_secret_access_key = test\n");
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  s3.requests.length = 0;
  const outcome = await s2s("status", `s3://${out}`);
  expect(outcome.stderr).toContain(`error: s3://${out}: has no runs.`);
  expect(s3.requests.map(({ bucket: asked }) => asked)).toEqual([out]);
  vi.stubEnv("S3_FORCE_PATH_STYLE", "false");
  const other = await s2s("status", `s3://${out}`);
  expect(other.stderr).not.toContain("has no runs");
  expect(s3.requests.filter(({ bucket: asked }) => asked === out)).toHaveLength(1);
});

/** An option of Node: once the run tells of its grid, with all inputs there, it says what it has downloaded, and is ended. */
const TERMINATED = `--import=data:text/javascript,${encodeURIComponent(`
  import { readdirSync } from "node:fs";
  const { write } = process.stderr;
  process.stderr.write = (text, ...rest) => {
    if (!String(text).startsWith("grid")) return write.call(process.stderr, text, ...rest);
    const all = readdirSync(process.env.TMPDIR, { recursive: true, withFileTypes: true });
    process.kill(process.pid, "SIGTERM");
    return write.call(process.stderr, all.filter((entry) => entry.isFile()).length + " downloads");
  };
`)}`;

test("an interrupted run leaves no download", async () => {
  const args = ["run", ...Object.entries(INPUTS).flat(), "--out", `s3://${out}`];
  const { code, stderr } = await node([TERMINATED, PROGRAM, ...args]);
  expect(stderr).toContain("3 downloads");
  expect(stderr).toContain(" --resume\n");
  expect(code).toBe(143);
  expect(readdirSync(temporary)).toEqual([]);
});
