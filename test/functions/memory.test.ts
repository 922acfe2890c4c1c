import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeSample } from "../../lib/sample/sample.ts";
import { s3Store } from "../../lib/store/s3.ts";
import type { CoordinatorAnswer } from "../support/coordinator-process.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type ForkOptions, forked } from "../support/fork.ts";
import type { Ask } from "../support/processes.ts";
import { bucket, objects, startS3 } from "../support/s3-server.ts";

/**
 * What V8 may use, MiB: 64 of old objects, 12 of new ones. While memory is free it leaves garbage where it is, so that
 * an instance grows with every chunk; a limit shows what the chunks need.
 */
const SMALL_HEAP = ["--max-old-space-size=64", "--max-semi-space-size=4"];

/** Starts a script of test/support as a process of its own, which ends with the test. */
function start(script: string, options: ForkOptions): Ask {
  const child = forked(script, options);
  onTestFinished(() => child.kill());
  return child.ask;
}

// The peak is read from /proc, which Linux alone has; so has Lambda.
test.runIf(process.platform === "linux")(
  "a run of full size keeps within the memory of its functions, and leaves nothing in /tmp",
  async () => {
    const files = await makeSample(temporaryFolder(), { resolution: 1, months: 870, stations: 2000, seed: 7 });
    const s3 = await startS3();
    onTestFinished(() => s3.close());
    const [inputs, outputs] = [bucket(s3, "input-bucket"), bucket(s3, "output-bucket")];
    const input = s3Store(s3.client, inputs);
    const forecastKey = `forecasts/${basename(files.forecast)}`;
    await input.put("observations/archive.nc", readFileSync(files.observations));
    await input.put("stations/stations.xls", readFileSync(files.stations));
    await input.put(forecastKey, readFileSync(files.forecast));

    const environment = {
      TMPDIR: join(temporaryFolder(), "tmp"),
      INPUT_BUCKET: inputs,
      OUTPUT_BUCKET: outputs,
      STATION_CHUNK_FUNCTION: "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live",
      OBSERVATIONS_KEY: "observations/archive.nc",
      S3_FORCE_PATH_STYLE: "true",
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
    };
    mkdirSync(environment.TMPDIR);
    const cold = start("worker-process.ts", { environment });
    const warm = start("worker-process.ts", { environment, flags: SMALL_HEAP });
    let chunks = 0;
    let last: Promise<unknown> = Promise.resolve();
    // One after the other, as they come to an instance of a function.
    const oneByOne = (chunk: unknown) => {
      const worker = chunks++ === 0 ? cold : warm;
      last = last.then(() => worker(chunk));
      return last;
    };
    const coordinator = start("coordinator-process.ts", { environment, serve: oneByOne });
    const { results, peakMiB } = await coordinator<CoordinatorAnswer>({ forecastKey });

    expect(results).toMatchObject([{ status: "complete", written: 2000, missing: 0 }]);
    expect([...objects(s3, outputs).keys()].filter((key) => key.endsWith(".prec.csv"))).toHaveLength(2000);
    expect(chunks).toBe(40);
    expect(readdirSync(environment.TMPDIR)).toEqual([]);
    expect(peakMiB).toBeLessThan(700);
    expect(await cold<number>(null)).toBeLessThan(150);
    expect(await warm<number>(null)).toBeLessThan(150);
  },
);
