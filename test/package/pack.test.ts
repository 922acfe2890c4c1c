import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { installed } from "../support/installed-package.ts";
import { testPackage } from "../support/package-works.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MEBIBYTE = 2 ** 20;

const here = installed(process.execPath);
const { tarball, folder, run } = here;
const contents = () => execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
const inPackage = (...path: string[]) => join(folder, "node_modules/s2s-fanout", ...path);

testPackage(here);

describe("the tarball", () => {
  test("holds the command, the library with its types, and words about them, and nothing else", () => {
    const wanted = [
      /^(package\.json|README\.md|LICENSE)$/,
      /^functions\/s2s\.js$/,
      /^dist\/(command|index|[\w-]+-[A-Z0-9]{8})\.js$/,
      /^dist\/THIRD-PARTY-NOTICES\.txt$/,
      /^dist\/types\/(functions|lib)\/[\w/-]+\.d\.ts$/,
    ];
    const names = contents().map((name) => name.replace(/^package\//, ""));
    expect(names.filter((name) => !wanted.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const pattern of wanted) expect(names.some((name) => pattern.test(name))).toBe(true);
  });

  test("is small, and all that is installed", () => {
    expect(statSync(tarball).size).toBeLessThan(2.5 * MEBIBYTE);
    expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["s2s-fanout"]);
  });

  test("names no path of the machine that it was made on", () => {
    const files = readdirSync(inPackage(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const telling = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(ROOT));
    expect(telling.map(({ name }) => name)).toEqual([]);
  });

  test("has the licence of every package whose code is in it", () => {
    const notices = readFileSync(inPackage("dist/THIRD-PARTY-NOTICES.txt"), "utf8");
    // Of the reader, the command, the SDK, the page and its map.
    for (const name of [
      "h5wasm",
      "@cornerstonejs/codec-openjpeg",
      "commander",
      "@aws-sdk/client-s3",
      "uplot",
      "world-atlas",
    ]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, "m"));
    }
    expect(notices).toContain("Copyright 2006 by The HDF Group");
    expect(notices).toContain("It holds OpenJPEG, under this licence");
  });
});

test("importing the API loads neither the AWS client, nor HDF5, nor workbooks", async () => {
  writeFileSync(
    join(folder, "loaded.js"),
    `import { registerHooks } from "node:module";
     const loaded = [];
     registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
     await import("s2s-fanout");
     const { statSync } = await import("node:fs");
     const bytes = loaded.filter((url) => url.startsWith("file:")).map((url) => statSync(new URL(url)).size);
     console.log(bytes.reduce((sum, size) => sum + size, 0));`,
  );
  expect(Number(await run("node", "loaded.js"))).toBeLessThan(0.25 * MEBIBYTE);
});

describe("the types", () => {
  const CONSUMER = `
    import * as api from "s2s-fanout";
    const dataset: api.Dataset = await api.openDataset("a.nc");
    const values: Float32Array | Float64Array = dataset.read("precip", [[0, 1], [0, 2]]);
    const kind: "float32" | undefined = dataset.variables.get("precip")?.type === "float32" ? "float32" : undefined;
    const request: api.GridRequest = { variable: "precip", firstMonth: "1979-01", baseline: [1981, 2010] };
    const grid: api.AnomalyGrid = await api.computeAnomalyGrid("a.nc", request);
    const cells: number = grid.shape[0] * grid.lat.length * grid.values.length * values.length;
    const { stations, rejected }: api.StationTable = await api.readStations(new Uint8Array(cells));
    const store: api.ObjectStore = rejected.length > 0 ? api.folderStore("out") : await api.s3Store("b", { region: "r" });
    const { prefix } = await api.storeAnomalyGrid("a.nc", request, store);
    const files: api.SampleFiles = await api.makeSample("in", { months: 12 });
    const { manifest, chunksKept } = await api.runLocally({
      ...files, out: "out", now: new Date(), mode: "resume", onProgress: (stage, part) => void [stage.length, part + 1],
    });
    const manifestOf: api.Manifest = manifest;
    const status: "complete" | "partial" | "failed" = manifestOf.status;
    for await (const { key } of store.list(prefix)) void [key.length, status, chunksKept + 1, stations[0]?.lat, kind];
    const error: unknown = undefined;
    if (api.isInputError(error, "BadTable")) void error.details.hint?.length;
    // @ts-expect-error: there is no such error
    api.isInputError(error, "BadWeather");
    // @ts-expect-error: a run has three inputs
    await api.runLocally({ observations: "a.nc", out: "out" });
  `;

  test.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])(
    "are enough for a strict program without any other types, as %s modules resolved as %s",
    (module, moduleResolution) => {
      const options = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, types: [] };
      const compilerOptions = { ...options, module, moduleResolution, target: "es2022", lib: ["es2022"] };
      writeFileSync(join(folder, "consumer.ts"), CONSUMER);
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
      const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
      const compile = () => execFileSync(process.execPath, [compiler, "--project", folder], { encoding: "utf8" });
      expect(errorsOf(compile)).toBe("");
    },
  );
});

/** What a compiler prints, be it that it fails. */
function errorsOf(compile: () => string): string {
  try {
    return compile();
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
