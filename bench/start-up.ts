import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, loadedAtStart } from "../infra/bundle.ts";
import { type Bench, type Figure, root } from "./context.ts";
import { type Command, ratio, type Timing } from "./measure.ts";

/** Environment variables without which the functions do not start. */
const SETTINGS = {
  AWS_REGION: "us-east-1",
  INPUT_BUCKET: "input-bucket",
  OUTPUT_BUCKET: "output-bucket",
  STATION_CHUNK_FUNCTION: "station-chunk",
};

type Bundle = ReturnType<typeof bundle>;

/** What a user and a cold start wait for: `s2s --help`, and the import of each function's bundle. */
export async function startUp(bench: Bench): Promise<Figure[]> {
  Object.assign(process.env, SETTINGS);
  const bundles = { worker: bundle("station-chunk"), coordinator: bundle("coordinator") };
  const node = (name: string, ...args: string[]): Command => ({ name, program: process.execPath, args: () => args });
  const script = ({ folder }: Bundle) => [
    "--input-type=module",
    "-e",
    `await import(${JSON.stringify(pathToFileURL(join(folder, "index.mjs")))})`,
  ];
  const megabytes = ({ metafile }: Bundle) =>
    loadedAtStart(metafile).reduce((sum, path) => sum + metafile.outputs[path]!.bytes, 0) / 1e6;
  const [help, nothing, worker, coordinator] = await bench.time(
    [
      node("s2s --help", join(root, "functions/s2s.js"), "--help"),
      node("node alone", "-e", "0"),
      node("worker", ...script(bundles.worker)),
      node("coordinator", ...script(bundles.coordinator)),
    ],
    15,
  );
  const mean = ({ runs }: Timing) => runs.reduce((sum, { processor }) => sum + processor, 0) / runs.length;
  // Without Node's own start, which is no part of a bundle's import. The system counts in hundredths: hence the mean.
  const own = (timing: Timing) => mean(timing) - mean(nothing!);
  return [
    { case: "start-up", what: "s2s --help, of an empty Node", value: ratio(help!, nothing!), unit: "x", atMost: 1.5 },
    { case: "start-up", what: "worker, processor time over Node's", value: own(worker!), unit: "s", atMost: 0.1 },
    {
      case: "start-up",
      what: "coordinator, processor time over Node's",
      value: own(coordinator!),
      unit: "s",
      atMost: 0.35,
    },
    { case: "start-up", what: "code that the worker imports", value: megabytes(bundles.worker), unit: "MB" },
    { case: "start-up", what: "code that the coordinator imports", value: megabytes(bundles.coordinator), unit: "MB" },
  ];
}
