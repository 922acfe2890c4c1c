import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const launcher = join(root, "functions/s2s.js");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const SAMPLE = ["sample", "--out", "made", "--resolution", "30", "--months", "1", "--stations", "1"];

/**
 * Runs a program in a folder, with this Node as `node`, and for npm no network, a cache of its own, and no scripts of
 * an installation: the first `npx s2s` of a folder links the project into that cache, and npm would then run the
 * project's `prepare`, which writes anew the bundles that other tests are using.
 */
function run(cwd: string, program: string, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const env = {
    ...process.env,
    npm_config_offline: "true",
    npm_config_cache: temporaryFolder(),
    npm_config_ignore_scripts: "true",
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
  };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** The lines that a program printed itself, npm's left out. */
const lines = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith(">"));

test("--version prints the version of the package", () => {
  expect(run(root, process.execPath, launcher, "--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("npx finds the command in the repository, from any of its folders", () => {
  const inspected = run(join(root, "lib"), "npx", "s2s", "inspect", "../test/fixtures/run/precip.mon.mean.nc");
  expect(inspected).toMatchObject({ code: 0, stdout: expect.stringContaining("precip(time, lat, lon)") as string });
});

describe("paths are relative to the folder that the user stands in", () => {
  test("of npm run, which goes to the project's folder", () => {
    const folder = temporaryFolder();
    const { code, stdout } = run(folder, "npm", "--prefix", root, "run", "s2s", "--", ...SAMPLE);
    expect(code).toBe(0);
    expect(lines(stdout)).toContain(`stations     ${join("made", "stations", "stations.xls")}`);
    expect(existsSync(join(folder, "made/stations/stations.xls"))).toBe(true);
  });

  test("of npm run from a folder of the project", () => {
    const { code, stdout } = run(
      join(root, "lib/grid"),
      "npm",
      "run",
      "s2s",
      "--",
      "inspect",
      "../../test/fixtures/run/precip.mon.mean.nc",
    );
    expect([code, lines(stdout)[0]]).toEqual([0, "netcdf ../../test/fixtures/run/precip.mon.mean.nc { // netCDF-4"]);
  });

  test("but those in a script of a package.json are relative to that, wherever npm is called", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "below"));
    const script = `node "${launcher}" ${SAMPLE.join(" ")}`;
    writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { s2s: script, outer: "npm run s2s" } }));
    expect(run(join(folder, "below"), "npm", "run", "outer")).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, "made/stations/stations.xls"))).toBe(true);
    expect(existsSync(join(folder, "below/made"))).toBe(false);
  });

  test("and a script that calls npm run s2s again means its own folder", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "below"));
    const script = `npm --prefix "${root}" run s2s -- ${SAMPLE.join(" ")}`;
    writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { make: script } }));
    expect(run(join(folder, "below"), "npm", "run", "make")).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, "made/stations/stations.xls"))).toBe(true);
  });
});

describe("a Node that is too old", () => {
  /** Has the launcher believe that it runs on that version. */
  const onNode = (node: string) =>
    run(
      root,
      process.execPath,
      "--import",
      `data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "${node}" } })`,
      launcher,
      "--version",
    );

  test.each(["12.22.12", "22.23.3"])("such as %s is told what is needed, in one line", (node) => {
    const hint = "npm run s2s -- uses the one that npm ci installs";
    const stderr = `error: s2s needs Node 24.0 or newer, and this is Node ${node}: ${hint}\n`;
    expect(onNode(node)).toEqual({ code: 1, stdout: "", stderr });
  });

  test.each(["24.0.0", "30.1.0"])("is not %s", (node) => {
    expect(onNode(node)).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  test("can parse the launcher, from Node 12 on", () => {
    const text = readFileSync(launcher, "utf8");
    const code = (target: string) => transformSync(text, { format: "esm", target }).code;
    expect(code("node12.20")).toBe(code("esnext"));
  });
});
