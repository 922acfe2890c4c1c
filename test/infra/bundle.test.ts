import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bundle, loadedAtStart } from "../../infra/bundle.ts";
import { node } from "../support/command.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What reads inputs: large, slow to load, and none of a worker's business. */
const READERS = ["h5wasm", "@e965/xlsx", "csv-parse", "zod"].map((name) => `node_modules/${name}/`);
/** What only a run that is begun needs, in the coordinator: its readers but the one of settings, and what makes its page. */
const LATE = [
  ...READERS.filter((name) => name !== "node_modules/zod/"),
  "build/report-template.js",
  "build/land-",
  "lib/netcdf/grib/",
  "node_modules/@cornerstonejs/codec-openjpeg/",
  "lib/report/",
  "lib/stations/read-table.ts",
  "lib/run/plan.ts",
  "lib/grid/compute.ts",
];
const COMMAND_LINE = ["node_modules/commander/", "node_modules/cli-progress/", "functions/local", "lib/sample/"];
const worker = bundle("station-chunk");
const bandMaker = bundle("grid-band");
const coordinator = bundle("coordinator");
const fetcher = bundle("fetcher");

const filesOf = ({ metafile }: typeof worker) => Object.keys(metafile.inputs);
const within = (files: readonly string[], parts: readonly string[]) =>
  files.filter((file) => parts.some((part) => file.includes(part)));

test("the worker's bundle reads neither NetCDF nor station tables", () => {
  expect(within(filesOf(worker), [...READERS, ...COMMAND_LINE, "lib/netcdf/", "lib/stations/"])).toEqual([]);
  expect(filesOf(worker)).toContain("lib/run/run-chunk.ts");
});

test("the bundle of the function for bands reads NetCDF, and no station tables", () => {
  const files = filesOf(bandMaker);
  expect(within(files, ["node_modules/h5wasm/"])).not.toEqual([]);
  const others = ["@e965/xlsx", "csv-parse", "zod", "@aws-sdk"].map((name) => `node_modules/${name}/`);
  expect(within(files, [...others, ...COMMAND_LINE, "lib/stations/", "lib/report/", "lib/run/plan.ts"])).toEqual([]);
  expect(files).toContain("lib/run/bands.ts");
});

test("the fetcher's bundle reads headers, and needs neither the HDF5 library nor what reads tables and values of images", () => {
  const others = ["h5wasm", "@e965/xlsx", "csv-parse", "@cornerstonejs", "@aws-sdk"].map(
    (name) => `node_modules/${name}/`,
  );
  expect(within(filesOf(fetcher), [...others, ...COMMAND_LINE, "lib/stations/", "lib/report/", "lib/run/"])).toEqual(
    [],
  );
  expect(filesOf(fetcher)).toContain("lib/netcdf/classic/header.ts");
  const modules = Object.entries(fetcher.metafile.outputs).filter(([path]) => path.endsWith(".mjs"));
  expect(modules.reduce((sum, [, { bytes }]) => sum + bytes, 0)).toBeLessThan(400_000);
});

test("the coordinator's bundle has what reads its inputs, and not the command line", () => {
  for (const reader of READERS) expect(within(filesOf(coordinator), [reader])).not.toEqual([]);
  expect(within(filesOf(coordinator), COMMAND_LINE)).toEqual([]);
});

/** The files that the import of a bundle reads, and how many bytes of output they are. */
function start({ metafile }: typeof worker) {
  const loaded = loadedAtStart(metafile).map((path) => metafile.outputs[path]!);
  return {
    files: loaded.flatMap(({ inputs }) => Object.keys(inputs)),
    bytes: loaded.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

test("a start loads what every event needs, and no more", () => {
  expect(start(worker).bytes).toBeLessThan(60_000);
  expect(start(fetcher).bytes).toBeLessThan(150_000);
  expect(start(bandMaker).bytes).toBeLessThan(250_000);
  const { files, bytes } = start(coordinator);
  expect(bytes).toBeLessThan(720_000);
  expect(files).toContain("lib/run/claim.ts");
  expect(within(files, LATE)).toEqual([]);
  for (const late of LATE) expect(within(filesOf(coordinator), [late])).not.toEqual([]);
});

test.each([
  ["coordinator", coordinator],
  ["grid-band", bandMaker],
] as const)("what decodes JPEG 2000 works as a module of %s", async (_, { folder }) => {
  const name = readdirSync(folder).find((file) => /^openjpegjs_decode-\w+\.mjs$/.test(file));
  const code = `const { default: make } = await import(${JSON.stringify(`file://${join(folder, name!)}`)});
    const { J2KDecoder } = await make({});
    console.log(new J2KDecoder().getEncodedBuffer(5).length);`;
  expect(await node(["--input-type=module", "-e", code])).toEqual({ code: 0, stdout: "5\n", stderr: "" });
});

describe.each([
  ["station-chunk", worker],
  ["grid-band", bandMaker],
  ["coordinator", coordinator],
  ["fetcher", fetcher],
] as const)("the bundle of %s", (name, { folder }) => {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");

  test("is modules with their source maps, which lead to this project's files", () => {
    const modules = readdirSync(folder).filter((file) => !file.endsWith(".map"));
    expect(modules).toContain("index.mjs");
    expect(readdirSync(folder).toSorted()).toEqual(modules.flatMap((file) => [file, `${file}.map`]).toSorted());
    const mapped = modules.flatMap((file) => {
      expect(read(file).endsWith(`\n//# sourceMappingURL=${file}.map\n`)).toBe(true);
      const { sources, sourcesContent } = JSON.parse(read(`${file}.map`)) as {
        sources: string[];
        sourcesContent?: unknown;
      };
      expect(sourcesContent).toBeUndefined();
      return sources;
    });
    expect(mapped).toContain("../../lib/keys.ts");
  });

  test("is all that its folder holds, whatever was there before", () => {
    const names = readdirSync(folder);
    writeFileSync(join(folder, "chunk-OF-OTHER-SOURCES.mjs"), "");
    bundle(name);
    expect(readdirSync(folder)).toEqual(names);
  });

  test("names no path of the machine that it was made on", () => {
    for (const file of readdirSync(folder)) expect(read(file).includes(root)).toBe(false);
  });
});
