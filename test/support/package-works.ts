import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { blocksOf, textOf } from "../docs/markdown.ts";
import { s2s, seriesIn } from "./command.ts";
import { temporaryFolder } from "./folder.ts";
import { fixture, ofOneRun, texts } from "./golden.ts";
import { filesBelow, type Installed } from "./installed-package.ts";
import { bucket, objects, startS3, textsIn } from "./s3-server.ts";

const { version } = JSON.parse(readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8")) as {
  version: string;
};

const SAMPLE = ["sample", "--resolution", "5", "--months", "500", "--stations", "60"];
const RUN = [
  ["run", "--now", "2020-06-30T12:34:56"],
  ["--observations", "observations/precip.mon.mean.1x1.nc"],
  ["--forecast", "forecasts/CFSv2.Prec.20200625.202008.nc"],
  ["--stations", "stations/stations.xls"],
].flat();

/** Tests of the package as its users have it: the command, and the API. */
export function testPackage(installed: Installed): void {
  describe("the command", () => {
    testCommand(installed);
  });
  describe("the API", () => {
    testApi(installed);
  });
}

function testCommand({ folder, run }: Installed): void {
  test("says its version", async () => {
    expect(await run("npx", "s2s", "--version")).toBe(`${version}\n`);
  });

  test("makes what its sources make, byte for byte", async () => {
    const theirs = temporaryFolder();
    const paths = RUN.map((arg) => (arg.includes("/") ? join(theirs, arg) : arg));
    expect(await s2s(...SAMPLE, "--out", theirs)).toMatchObject({ code: 0 });
    expect(await s2s(...paths, "--out", join(theirs, "out"), "--quiet")).toMatchObject({ code: 0 });

    await run("npx", "s2s", ...SAMPLE, "--out", "made");
    const ours = RUN.map((arg) => (arg.includes("/") ? join("made", arg) : arg));
    const summary = await run("npx", "s2s", ...ours, "--out", "made/out");
    expect(summary).toContain("60 of 60 written");

    // What lies beside the series, latest.json, tells when a run was claimed.
    for (const part of ["observations", "forecasts", "stations", "out/prec/20200625.202008", "out/grids"]) {
      expect(sameOfAllNodes(join(folder, "made", part))).toEqual(sameOfAllNodes(join(theirs, part)));
    }
    const runId = readdirSync(join(theirs, "out/runs")).find((name) => name !== "series");
    const files = (root: string) => readdirSync(join(root, "out/runs", runId!)).toSorted();
    expect(files(join(folder, "made"))).toEqual(files(theirs));
    expect(files(theirs)).toContain("index.html");
  });

  test("runs from bucket to bucket", async () => {
    const s3 = await startS3();
    const [input, out] = [bucket(s3, "input"), bucket(s3, "out")];
    const options = {
      "--observations": "precip.mon.mean.nc",
      "--forecast": "CFSv2.Prec.19970520.199707.nc",
      "--stations": "stations.xls",
      "--products": "products.json",
    };
    for (const name of Object.values(options)) s3.store.putObject(input, name, readFileSync(fixture(`run/${name}`)));
    const args = Object.entries(options).flatMap(([option, name]) => [option, `s3://${input}/${name}`]);
    await run("npx", "s2s", "run", ...args, "--out", `s3://${out}/a`, "--now", "1997-05-20T06:07:08");
    expect(ofOneRun(textsIn(s3, out, "a/prec/19970520.199707/"))).toEqual(texts(fixture("run/expected")));
    await s3.close();
  });

  test("reads products, and names what is wrong with a file of them", async () => {
    const archive = fixture("run/precip.mon.mean.nc");
    const inspect = (products: string) => run("npx", "s2s", "inspect", archive, "--products", fixture(products));
    const inspected = await inspect("run/products.json");
    expect(inspected).toContain("product prec, as observations: yes, 87 months");
    await expect(inspect("run/stations.xls")).rejects.toThrow("stations.xls: is not JSON");
  });
}

function testApi({ folder, run }: Installed): void {
  function runScript(text: string): Promise<string> {
    writeFileSync(join(folder, "script.js"), text);
    return run("node", "script.js");
  }

  test("does what the page about it shows", async () => {
    const [example, ...others] = blocksOf(textOf("docs/api.md")).filter(({ language }) => language === "js");
    expect(others).toEqual([]);
    expect(await runScript(example!.text)).toBe(example!.next?.text);
  });

  test("writes the series of the seed job", async () => {
    const options = {
      observations: fixture("run/precip.classic.nc"),
      forecast: fixture("run/CFSv2.Prec.19970520.199707.nc"),
      stations: fixture("run/stations.xls"),
      products: fixture("run/products.json"),
      out: "seed-job",
    };
    const stdout = await runScript(`
      import { runLocally } from "s2s-fanout";
      const { manifest } = await runLocally({ ...${JSON.stringify(options)}, now: new Date("1997-05-20T06:07:08Z") });
      console.log(manifest.status);
    `);
    expect(stdout).toBe("complete\n");
    expect(seriesIn(join(folder, "seed-job"))).toEqual(texts(fixture("run/expected")));
  });

  test("reads a table of every kind", async () => {
    const tables = ["china.xls", "titled.xlsx", "china-gb18030.csv"].map((name) => fixture(`stations/${name}`));
    const stdout = await runScript(`
      import { readStations } from "s2s-fanout";
      for (const table of ${JSON.stringify(tables)}) console.log((await readStations(table)).stations[0].id);
    `);
    expect(stdout).toBe("54511\n050000\n54511\n");
  });

  test("stores a grid in a bucket", async () => {
    const s3 = await startS3();
    const name = bucket(s3, "grids");
    const stdout = await runScript(`
      import { s3Store, storeAnomalyGrid } from "s2s-fanout";
      const store = await s3Store("grids", { endpoint: "${s3.endpoint}", forcePathStyle: true });
      const request = { variable: "precip", firstMonth: "1990-03", baseline: [1991, 1995] };
      const { prefix } = await storeAnomalyGrid("${fixture("run/precip.mon.mean.nc")}", request, store);
      console.log(prefix);
    `);
    expect([...objects(s3, name).keys()]).toContain(`${stdout.trim()}.zmetadata`);
    await s3.close();
  });

  test("refuses a wrong input with an error that can be told", async () => {
    const stdout = await runScript(`
      import { InputError, isInputError, openDataset } from "s2s-fanout";
      const error = await openDataset("package.json").catch((caught) => caught);
      console.log(isInputError(error, "NotNetcdf"), error instanceof InputError, error.message.slice(0, 13));
    `);
    expect(stdout).toBe("true true package.json:\n");
  });
}

/** What pages show is packed by zlib, whose version is in the name of what is kept of it: each Node has its own. */
function sameOfAllNodes(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(filesBelow(folder)).filter(([name]) => !name.includes("/shown/")));
}
