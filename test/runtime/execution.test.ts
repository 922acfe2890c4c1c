import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { runLocally } from "../../functions/api/run-locally.ts";
import { keys } from "../../lib/keys.ts";
import type { Latest, Manifest } from "../../lib/run/records.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";
import { bucket, objects, type S3Server, startS3, textsIn } from "../support/s3-server.ts";
import { type DeployedFunction, type Synthesized, synthesize } from "../support/synth.ts";
import { type DurableService, type ExecutionOptions, startDurableService } from "./durable-service.ts";
import type { Answer } from "./runtime-api.ts";
import { type Ended, type Sandbox, startSandbox } from "./runtime-process.ts";

const [INPUT, OUTPUT] = ["input-bucket", "output-bucket"];
const FORECAST = "forecasts/CFSv2.Prec.19970520.199707.nc";
const EVENT = { forecastKey: FORECAST, now: "1997-05-20T06:07:08" };
const MANY = { CHUNK_SIZE: "1", STATIONS_KEY: "stations/many.csv" };
/** As the default of executionTimeoutMinutes is. */
const TIMEOUT_SECONDS = 900;

let deployment: Synthesized;
let service: DurableService;
let s3: S3Server;
beforeAll(async () => {
  deployment = synthesize();
  service = await startDurableService();
});
afterAll(() => service.close());
beforeEach(async () => {
  s3 = await startS3();
  onTestFinished(() => s3.close());
  for (const name of [INPUT, OUTPUT]) bucket(s3, name);
  for (const key of ["observations/precip.mon.mean.nc", "stations/stations.xls", "products.json", FORECAST]) {
    s3.store.putObject(INPUT, key, readFileSync(fixture(`run/${key.split("/").at(-1)}`)));
  }
});

/** The processes of a function: as many as are busy at once, and a new one for one that ended. */
class Instances {
  readonly #deployed: DeployedFunction;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #all: Sandbox[] = [];
  readonly #idle: Sandbox[] = [];

  constructor(deployed: DeployedFunction, settings: Readonly<Record<string, string>> = {}) {
    this.#deployed = deployed;
    this.#settings = settings;
  }

  readonly invoke = async (event: unknown): Promise<Answer | Ended> => {
    const sandbox = this.#idle.pop() ?? (await this.#start());
    const answer = await sandbox.invoke(event);
    if (!("ended" in answer)) this.#idle.push(sandbox);
    return answer;
  };

  async #start(): Promise<Sandbox> {
    const { environment, module } = this.#deployed;
    const sandbox = await startSandbox(dirname(module), {
      ...environment,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: service.endpoint,
      // A server that is not AWS's is addressed by path.
      S3_FORCE_PATH_STYLE: "true",
      TMPDIR: mkdtempSync(join(temporaryFolder(), "tmp-")),
      ...this.#settings,
    });
    this.#all.push(sandbox);
    return sandbox;
  }

  kill(): void {
    for (const sandbox of this.#all) sandbox.signal("SIGKILL");
  }

  /** The last value of a metric. */
  metric(name: string): unknown {
    const lines = this.#all.flatMap((sandbox) => sandbox.output().split("\n"));
    const line = lines.findLast((text) => text.includes(`"${name}"`) && text.startsWith("{"));
    return (JSON.parse(line ?? "{}") as Record<string, unknown>)[name];
  }
}

/** Both deployed functions, in an account that may run ten at once. */
function functions(settings: Readonly<Record<string, string>> = {}) {
  const coordinator = new Instances(deployment.functionOf("Coordinator"), settings);
  const worker = new Instances(deployment.functionOf("Worker"));
  const options = { limit: 10, timeoutSeconds: TIMEOUT_SECONDS, pageSize: 100 };
  return {
    coordinator,
    worker,
    execute: (own: Partial<ExecutionOptions> = {}) =>
      service.execute(EVENT, { ...options, coordinator: coordinator.invoke, worker: worker.invoke, ...own }),
  };
}

/** The CSVs of the newest complete run, by the names of their files. */
function series(): Record<string, string> {
  const { series: key } = JSON.parse(textsIn(s3, OUTPUT)[keys.latest("prec")]!) as Latest;
  return textsIn(s3, OUTPUT, `${dirname(key)}/`);
}

function onlyManifest(): Manifest {
  const found = Object.entries(textsIn(s3, OUTPUT, keys.runs)).filter(([key]) => key.endsWith("/manifest.json"));
  expect(found).toHaveLength(1);
  return JSON.parse(found[0]![1]) as Manifest;
}

/** A table of stations all over the globe, and what a run on one machine makes of it. */
async function manyStations(count: number): Promise<Record<string, string>> {
  const rows = Array.from({ length: count }, (_, i) => `${1000 + i},${(i % 170) / 2},${(i % 340) + 0.5}`);
  const folder = temporaryFolder();
  const stations = join(folder, "many.csv");
  writeFileSync(stations, ["id,lat,lon", ...rows, ""].join("\n"));
  s3.store.putObject(INPUT, "stations/many.csv", readFileSync(stations));
  const { manifest } = await runLocally({
    observations: fixture("run/precip.mon.mean.nc"),
    forecast: fixture("run/CFSv2.Prec.19970520.199707.nc"),
    stations,
    products: fixture("run/products.json"),
    out: join(folder, "out"),
    now: new Date(`${EVENT.now}Z`),
  });
  return texts(join(folder, "out", dirname(manifest.series!)));
}

describe("both functions under Lambda's runtime, over its protocol of durable executions", () => {
  test("write 400 chunks with the bytes of one machine, where the account has no room for all that they begin", async () => {
    const expected = await manyStations(400);
    const { coordinator, execute } = functions({ ...MANY, MAX_CONCURRENCY: "16" });
    const { result, operations, pages, agenda } = await execute();
    expect(result).toMatchObject([{ status: "complete", written: 400, missing: 0 }]);
    expect(series()).toEqual(expected);
    expect(agenda.invoked).toHaveLength(400);
    expect(agenda.refused).toBeGreaterThan(50);
    expect(coordinator.metric("ChunkRetries")).toBe(agenda.refused);
    expect(pages).toBeGreaterThan(100);
    expect(operations.length).toBeLessThan(3000);
  });

  test("end with a manifest within the time of an execution where the account has no room at all", async () => {
    await manyStations(150);
    const { coordinator, execute } = functions(MANY);
    const { status, agenda, operations } = await execute({ limit: 1 });
    expect(status).toBe("FAILED");
    expect(agenda.clock).toBeLessThan(TIMEOUT_SECONDS);
    const { missing } = onlyManifest();
    expect(missing).toHaveLength(150);
    expect(new Set(missing.map(({ error }) => error))).toEqual(new Set(["Rate Exceeded."]));
    expect(coordinator.metric("ChunkRetries")).toBe(agenda.refused - 150);
    expect(operations.length).toBeLessThan(3000);
  });

  test("write golden bytes, each chunk once, wherever between two checkpoints the coordinator is killed", async () => {
    const settings = { CHUNK_SIZE: "5" };
    const whole = functions(settings);
    const { checkpoints } = await whole.execute();
    const ends = (["lost", "unanswered"] as const).flatMap((end) =>
      Array.from({ length: checkpoints }, (_, i) => ({ end, at: i + 1 })),
    );
    const { FAULT_SEEDS } = process.env;
    for (const { at, end } of FAULT_SEEDS === "all" ? ends : ends.filter((_, i) => i % 5 === 0)) {
      s3.store.deleteObjects(OUTPUT, [...objects(s3, OUTPUT).keys()]);
      const { coordinator, execute } = functions(settings);
      const onCheckpoint = (count: number) => {
        if (count !== at) return undefined;
        coordinator.kill();
        return end;
      };
      const { result, agenda } = await execute({ worker: whole.worker.invoke, onCheckpoint });
      coordinator.kill();
      const chunks = agenda.invoked.length;
      expect({ at, end, result, chunks, series: series() }).toMatchObject({
        at,
        end,
        chunks: 4,
        series: texts(fixture("run/expected")),
        result: [{ status: "complete", written: 20, missing: 0 }],
      });
    }
  });
});
