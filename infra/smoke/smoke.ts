import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runLocally } from "../../functions/api/run-locally.ts";
import { openStore } from "../../functions/local/places.ts";
import type { Progress } from "../../functions/local/progress.ts";
import { withSentence } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import type { Latest, Manifest } from "../../lib/run/records.ts";
import { makeSample, type SampleFiles } from "../../lib/sample/sample.ts";
import { getJson, jsonText } from "../../lib/store/store.ts";
import { withTemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { compareSeries, type RunThere } from "./compare.ts";
import { type Deployment, type DeploymentOptions, openDeployment } from "./deployment.ts";
import { FORECASTS, uploadInputs } from "./inputs.ts";
import { type Clock, waitForRun } from "./wait.ts";

export interface SmokeOptions extends DeploymentOptions {
  /** How long the run is waited for. */
  readonly minutes: number;
}

/**
 * Tries a deployment: uploads made inputs to it as its users do theirs, waits for the run that this starts, and compares
 * its series with those that this machine makes of the same inputs.
 *
 * @returns what to tell the user
 * @throws InputError for what is wrong, and where to look
 */
export function smoke(options: SmokeOptions, progress: Progress, clock: Clock): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const deployment = await openDeployment(options);
    const { output, product } = deployment;
    progress.stage("inputs");
    const files = await makeSample(join(folder, "input"));
    const expected = await makeExpected(deployment, files, folder);
    progress.stage("upload");
    const forecastKey = await uploadInputs(deployment, files, clock.now());
    try {
      const { minutes } = options;
      const manifest = await waitForRun({ output, product: product.name, forecastKey, minutes }, progress, clock);
      progress.stage("compare");
      const count = await compareSeries({ store: output, manifest }, expected);
      return await tell(deployment, manifest, count);
    } catch (error) {
      throw withSentence(error, `The made inputs are left: ${madeInputs(deployment).join(", ")}`);
    }
  });
}

/** The same run on this machine. */
async function makeExpected({ product }: Deployment, files: SampleFiles, folder: string): Promise<RunThere> {
  const out = join(folder, "output");
  mkdirSync(out);
  const products = join(folder, "products.json");
  writeFileSync(products, jsonText({ products: [product] }));
  const { manifest } = await runLocally({ ...files, products, product: product.name, out });
  return { store: await openStore(out), manifest };
}

async function tell(deployment: Deployment, manifest: Manifest, count: number): Promise<string> {
  const { output, product } = deployment;
  const { runId, series = "", seconds } = manifest;
  const latest = await getJson<Latest>(output, keys.latest(product.name));
  const removals = [
    ...madeInputs(deployment),
    `${output.name}/${keys.run(runId)}`,
    `${output.name}/${folderOf(series)}`,
    // A run of a newer forecast, which that names then, is the user's own.
    ...(latest?.runId === runId ? [`${output.name}/${keys.latest(product.name)}`] : []),
  ];
  return [
    `The deployment works: its ${count} series are, byte for byte, what this machine makes of the same inputs.`,
    `run       ${runId}, ${seconds["total"]?.toFixed(1)} s`,
    `page      ${output.name}/${keys.page(runId)}`,
    `          this makes a link to it: aws s3 presign ${output.name}/${keys.page(runId)}`,
    "What this test left can be removed:",
    ...removals.map((what) => `  aws s3 rm ${what.endsWith("/") ? "--recursive " : ""}${what}`),
    "",
  ].join("\n");
}

function madeInputs({ input, observationsKey, stationsKey }: Deployment): string[] {
  return [FORECASTS, observationsKey, stationsKey].map((key) => `${input.name}/${key}`);
}

/** What all series of a run have in common. */
function folderOf(series: string): string {
  const [before = ""] = series.split("{station}");
  return before.slice(0, before.lastIndexOf("/") + 1);
}
