import { fork, spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { messageOf } from "../../lib/errors.ts";
import { s3Store } from "../../lib/store/s3.ts";
import type { CoordinatorAnswer } from "../support/coordinator-process.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { connect } from "../support/processes.ts";
import { bucket, objects, startS3 } from "../support/s3-server.ts";
import { SECRET, tracesOfSecret } from "../support/secret.ts";

const KINDS = [
  "stored-in-environment",
  "stored-in-file",
  "virtual",
  "external-link",
  "user-defined-link",
  "soft-link",
] as const;
const WHERE = ["precip", "lat", "lon", "time"] as const;
const FILES = KINDS.flatMap((kind) => WHERE.map((name) => `${kind}.${name}.nc`));

/** What every one of them is refused with: it names what is elsewhere, and what to do. */
const REFUSED =
  /"(precip|lat|lon|time)\\*" is (kept in external storage|a virtual dataset|an external link|a user-defined link|a soft link).*\. Only the file itself is read\. (Copy|Have)/;

/** First in the environment of a process, where files that are read as numbers look first. */
const ENVIRONMENT = { [SECRET]: SECRET };

/** A folder to start processes in: what the files point to is there, and a product of their variables. */
function planted(): string {
  const folder = temporaryFolder();
  cpSync(fixture("hostile"), folder, { recursive: true });
  cpSync(fixture("run/stations.xls"), join(folder, "stations.xls"));
  writeFileSync(join(folder, "planted.bin"), SECRET);
  writeFileSync(join(folder, "products.json"), products("observations.nc"));
  return folder;
}

function products(key: string): string {
  const observations = { key, variable: "precip", firstMonth: "1991-01", baseline: [1991, 1991] };
  const forecast = { pattern: "*.nc", variable: "precip" };
  return JSON.stringify({
    products: [{ name: "prec", observations, forecast, series: { column: "prec_ano", suffix: "prec" } }],
  });
}

/** All that a folder holds, its names too. */
function contents(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => `${entry.name} ${entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), "latin1") : ""}`)
    .join("\n");
}

describe("a file that leads to others gives none of them to the command", () => {
  const program = fileURLToPath(new URL("../../functions/s2s.js", import.meta.url));

  function s2s(folder: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...args], {
        cwd: folder,
        env: { ...ENVIRONMENT, ...process.env },
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => (said += data.toString("latin1")));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, said }));
    });
  }

  test.each(KINDS)("%s", async (kind) => {
    const folder = planted();
    const run = async (name: string, observations: string, forecast: string) => {
      const out = `out-${name}-${observations}`;
      const inputs = ["--observations", observations, "--forecast", forecast, "--stations", "stations.xls"];
      const options = ["--products", "products.json", "--out", out];
      const { code, said } = await s2s(folder, "run", ...inputs, ...options);
      expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(REFUSED) });
      expect(tracesOfSecret(said + contents(join(folder, out)))).toEqual([]);
    };
    const inspect = async (file: string) => {
      const { said } = await s2s(folder, "inspect", file, "--products", "products.json");
      expect(said).toMatch(REFUSED);
      expect(tracesOfSecret(said)).toEqual([]);
    };
    for (const name of WHERE) {
      const file = `${kind}.${name}.nc`;
      await Promise.all([run(name, file, "harmless.nc"), run(name, "harmless.nc", file), inspect(file)]);
    }
  });

  test("and the file that leads nowhere is worked on", async () => {
    const folder = planted();
    const inputs = ["--observations", "harmless.nc", "--forecast", "harmless.nc", "--stations", "stations.xls"];
    const { said } = await s2s(folder, "run", ...inputs, "--products", "products.json", "--out", "out");
    expect(said).toContain("complete");
    expect(tracesOfSecret(said + contents(join(folder, "out")))).toEqual([]);
  });
});

test("a file that leads to others gives none of them to the functions", async () => {
  const folder = planted();
  const s3 = await startS3();
  onTestFinished(() => s3.close());
  const [inputs, outputs] = [bucket(s3, "input-bucket"), bucket(s3, "output-bucket")];
  const input = s3Store(s3.client, inputs);
  const put = (key: string, name: string) => input.put(key, readFileSync(join(folder, name)));
  await put("stations/stations.xls", "stations.xls");
  await input.put("products.json", products("observations/archive.nc"));
  await put("observations/archive.nc", "harmless.nc");
  const path = fileURLToPath(new URL("../support/coordinator-process.ts", import.meta.url));
  const coordinator = fork(path, {
    cwd: folder,
    silent: true,
    env: {
      ...ENVIRONMENT,
      ...process.env,
      TMPDIR: temporaryFolder(),
      INPUT_BUCKET: inputs,
      OUTPUT_BUCKET: outputs,
      STATION_CHUNK_FUNCTION: "arn:aws:lambda:us-east-1:111122223333:function:station-chunk:live",
      S3_FORCE_PATH_STYLE: "true",
      POWERTOOLS_LOG_LEVEL: "DEBUG",
    },
  });
  onTestFinished(() => void coordinator.kill());
  const ask = connect(coordinator, () => Promise.reject(new Error("no chunk is to be done")));
  let logged = "";
  for (const stream of [coordinator.stdout!, coordinator.stderr!]) {
    stream.on("data", (data: Buffer) => (logged += data.toString("latin1")));
  }
  for (const file of FILES) {
    for (const role of ["forecast", "observations"] as const) {
      const forecastKey = `forecasts/${role}.${file}`;
      await put(forecastKey, role === "forecast" ? file : "harmless.nc");
      await put("observations/archive.nc", role === "forecast" ? "harmless.nc" : file);
      const error = await ask<CoordinatorAnswer>({ forecastKey }).then(() => "no error", messageOf);
      expect(error).toMatch(REFUSED);
      expect(tracesOfSecret(error)).toEqual([]);
    }
  }
  for (const [key, body] of objects(s3, outputs)) {
    // A run that was planned has the table of its stations, and what its archive and table declare, but no series.
    expect(key).not.toMatch(/^grids\/(?!archives|placed)|^prec\/|^(?!runs\/[^/]+\/stations).*\.csv$/);
    expect({ key, traces: tracesOfSecret(Buffer.from(body).toString("latin1")) }).toEqual({ key, traces: [] });
  }
  expect(logged).toMatch(REFUSED);
  expect(tracesOfSecret(logged)).toEqual([]);
});
