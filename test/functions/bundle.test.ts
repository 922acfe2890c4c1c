import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

/** CommonJS in an ES module asks for Node's modules by `require`, which ES modules have not. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
const MB = 1e6;
/** What reads inputs: large, slow to load, and none of a worker's business. */
const READERS = ["h5wasm", "netcdfjs", "@e965/xlsx", "csv-parse", "zod"].map((name) => `node_modules/${name}/`);

interface Bundle {
  readonly code: Uint8Array;
  /** The files that it is made of, from the project's folder on. */
  readonly inputs: readonly string[];
}

/** The bundle of a function as it is deployed. */
async function bundle(name: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: fileURLToPath(new URL("../../", import.meta.url)),
    entryPoints: [`functions/${name}.ts`],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: REQUIRE },
    outfile: `${name}.mjs`,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  return { code: file!.contents, inputs: Object.keys(metafile.inputs) };
}

/** Loads a bundle far from the project's packages, as Lambda does, and tells what it exports as `handler`. */
async function loaded({ code }: Bundle): Promise<string> {
  const folder = temporaryFolder();
  const path = join(folder, "index.mjs");
  writeFileSync(path, code);
  const script = `const { handler } = await import(${JSON.stringify(pathToFileURL(path))}); console.log(typeof handler);`;
  const env = {
    TMPDIR: folder,
    AWS_REGION: "us-east-1",
    INPUT_BUCKET: "input-bucket",
    OUTPUT_BUCKET: "output-bucket",
    STATION_CHUNK_FUNCTION: "station-chunk",
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  return stdout + stderr;
}

test("the worker's bundle is small: it reads neither NetCDF nor station tables", async () => {
  const worker = await bundle("station-chunk");
  const others = [...READERS, "node_modules/commander/", "node_modules/cli-progress/", "lib/netcdf/", "lib/stations/"];
  expect(worker.inputs.filter((path) => others.some((part) => path.includes(part)))).toEqual([]);
  expect(worker.inputs).toContain("lib/run/run-chunk.ts");
  expect(worker.code.length).toBeLessThan(1.2 * MB);
  expect(await loaded(worker)).toBe("function\n");
});

test("the coordinator's bundle has what reads its inputs, and not the command line", async () => {
  const coordinator = await bundle("coordinator");
  for (const reader of READERS) expect(coordinator.inputs.some((path) => path.includes(reader))).toBe(true);
  const others = ["node_modules/commander/", "node_modules/cli-progress/", "functions/local", "lib/sample/"];
  expect(coordinator.inputs.filter((path) => others.some((part) => path.includes(part)))).toEqual([]);
  expect(coordinator.code.length).toBeLessThan(8 * MB);
  expect(await loaded(coordinator)).toBe("function\n");
});
