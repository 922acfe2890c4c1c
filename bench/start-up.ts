import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "../infra/bundle.ts";
import { type Bench, type Figure, root } from "./context.ts";
import { type Command, median, type Timing } from "./measure.ts";

/** Environment variables without which the functions do not start. */
const SETTINGS = {
  AWS_REGION: "us-east-1",
  INPUT_BUCKET: "input-bucket",
  OUTPUT_BUCKET: "output-bucket",
  STATION_CHUNK_FUNCTION: "station-chunk",
};

/** What a user and a cold start wait for: `s2s --help`, and the import of each function's bundle. */
export async function startUp(bench: Bench): Promise<Figure[]> {
  Object.assign(process.env, SETTINGS);
  const bundles = (["station-chunk", "coordinator"] as const).map((name) => join(bundle(name).folder, "index.mjs"));
  const node = (name: string, ...args: string[]): Command => ({ name, program: process.execPath, args: () => args });
  const script = (path: string) => [
    "--input-type=module",
    "-e",
    `await import(${JSON.stringify(pathToFileURL(path))})`,
  ];
  const [help, nothing, worker, coordinator] = await bench.time(
    [
      node("s2s --help", join(root, "functions/s2s.js"), "--help"),
      node("node alone", "--input-type=module", "-e", ""),
      node("worker", ...script(bundles[0]!)),
      node("coordinator", ...script(bundles[1]!)),
    ],
    9,
  );
  // Without Node's own start, which is no part of a bundle's import.
  const own = ({ seconds }: Timing) => 1000 * median(seconds.map((time, round) => time - nothing!.seconds[round]!));
  return [
    { case: "start-up", what: "s2s --help", value: 1000 * median(help!.seconds), unit: "ms", atMost: 150 },
    { case: "start-up", what: "import of the worker", value: own(worker!), unit: "ms", atMost: 120 },
    { case: "start-up", what: "import of the coordinator", value: own(coordinator!), unit: "ms" },
    { case: "start-up", what: "the worker's bundle", value: statSync(bundles[0]!).size / 1e6, unit: "MB" },
    { case: "start-up", what: "the coordinator's bundle", value: statSync(bundles[1]!).size / 1e6, unit: "MB" },
  ];
}
