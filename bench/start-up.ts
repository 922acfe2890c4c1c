import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, type FunctionName } from "../infra/bundle.ts";

/** Times what a cold start waits for: the import of each function's bundle, in a process of its own. */

const RUNS = 9;
/** What the functions read when they start. */
const env = {
  AWS_REGION: "us-east-1",
  INPUT_BUCKET: "input-bucket",
  OUTPUT_BUCKET: "output-bucket",
  STATION_CHUNK_FUNCTION: "station-chunk",
};

const modules = (["coordinator", "station-chunk"] satisfies FunctionName[]).map((name) => ({
  name,
  path: join(bundle(name).folder, "index.mjs"),
  milliseconds: [] as number[],
}));

// In turns, so that a slow moment of the machine does not fall on one of them alone.
for (let run = 0; run < RUNS; run++) {
  for (const { path, milliseconds } of modules) {
    const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(path))}); console.log(performance.now() - t);`;
    milliseconds.push(Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { env })));
  }
}

console.log(`import of the bundles, Node ${process.version}, ${cpus().length} processors, ${RUNS} processes each`);
console.table(
  modules.map(({ name, path, milliseconds }) => ({
    bundle: name,
    MB: (statSync(path).size / 1e6).toFixed(2),
    "median ms": milliseconds.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!.toFixed(0),
    "least ms": Math.min(...milliseconds).toFixed(0),
  })),
);
