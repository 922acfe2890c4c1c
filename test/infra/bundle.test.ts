import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bundle } from "../../infra/bundle.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What reads inputs: large, slow to load, and none of a worker's business. */
const READERS = ["h5wasm", "netcdfjs", "@e965/xlsx", "csv-parse", "zod"].map((name) => `node_modules/${name}/`);
const COMMAND_LINE = ["node_modules/commander/", "node_modules/cli-progress/", "functions/local", "lib/sample/"];
const worker = bundle("station-chunk");
const coordinator = bundle("coordinator");

const filesOf = ({ metafile }: typeof worker) => Object.keys(metafile.inputs);
const within = (files: readonly string[], parts: readonly string[]) =>
  files.filter((file) => parts.some((part) => file.includes(part)));

test("the worker's bundle reads neither NetCDF nor station tables", () => {
  expect(within(filesOf(worker), [...READERS, ...COMMAND_LINE, "lib/netcdf/", "lib/stations/"])).toEqual([]);
  expect(filesOf(worker)).toContain("lib/run/run-chunk.ts");
});

test("the coordinator's bundle has what reads its inputs, and not the command line", () => {
  for (const reader of READERS) expect(within(filesOf(coordinator), [reader])).not.toEqual([]);
  expect(within(filesOf(coordinator), COMMAND_LINE)).toEqual([]);
});

describe.each([
  ["worker", worker],
  ["coordinator", coordinator],
])("the %s's bundle", (_, { folder }) => {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  test("is a module and its source map, which leads to this project's files", () => {
    expect(readdirSync(folder).toSorted()).toEqual(["index.mjs", "index.mjs.map"]);
    const { sources, sourcesContent } = JSON.parse(read("index.mjs.map")) as {
      sources: string[];
      sourcesContent?: unknown;
    };
    expect(sources).toContain("../../lib/keys.ts");
    expect(sourcesContent).toBeUndefined();
    expect(read("index.mjs")).toMatch(/\n\/\/# sourceMappingURL=index\.mjs\.map\n$/);
  });

  test("names no path of the machine that it was made on", () => {
    for (const name of readdirSync(folder)) expect(read(name).includes(root)).toBe(false);
  });
});
