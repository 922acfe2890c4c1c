import { describe, expect, test } from "vitest";
import { coordinatorSettings } from "../../functions/settings.ts";
import { InputError } from "../../lib/errors.ts";

const least = { INPUT_BUCKET: "rain-in", OUTPUT_BUCKET: "rain-out", STATION_CHUNK_FUNCTION: "station-chunk:live" };
const defaults = {
  ...least,
  MAX_CONCURRENCY: 8,
  STATIONS_KEY: "stations/stations.xls",
  GRID_MEMORY_MB: 256,
  EXECUTION_TIMEOUT_MINUTES: 15,
  INVOCATION_STORAGE_MB: 2048,
  INVOCATION_SECONDS: 300,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: 1769,
  AWS_LAMBDA_FUNCTION_NAME: "coordinator",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  S3_FORCE_PATH_STYLE: "false",
};

test("the buckets and the worker are enough", () => {
  expect(coordinatorSettings({ ...least, PATH: "/usr/bin" })).toEqual(defaults);
});

test("all may be set", () => {
  const set = {
    CHUNK_SIZE: "75",
    OBSERVATIONS_KEY: "observations/new.nc",
    STATIONS_KEY: "stations/few.csv",
    STATIONS_ENCODING: "windows-1252",
    GRID: "global",
    PRODUCTS_KEY: "settings/products.json",
    GRID_BAND_FUNCTION: "grid-band:live",
    S3_FORCE_PATH_STYLE: "true",
  };
  const lists = { PRODUCTS: "prec, temp", BASELINE: "1991-2020" };
  const invocation = {
    INVOCATION_STORAGE_MB: "4096",
    INVOCATION_SECONDS: "900",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  };
  const lambda = { AWS_LAMBDA_FUNCTION_NAME: "s2s-coordinator", AWS_LAMBDA_FUNCTION_VERSION: "7" };
  const numbers = { MAX_CONCURRENCY: "7", GRID_MEMORY_MB: "64", EXECUTION_TIMEOUT_MINUTES: "60", ...invocation };
  expect(coordinatorSettings({ ...least, ...set, ...lists, ...numbers, ...lambda })).toEqual({
    ...least,
    ...set,
    CHUNK_SIZE: 75,
    MAX_CONCURRENCY: 7,
    GRID_MEMORY_MB: 64,
    EXECUTION_TIMEOUT_MINUTES: 60,
    INVOCATION_STORAGE_MB: 4096,
    INVOCATION_SECONDS: 900,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: 512,
    ...lambda,
    PRODUCTS: ["prec", "temp"],
    BASELINE: [1991, 2020],
  });
});

test("what is empty counts as not set", () => {
  const empty = {
    MAX_CONCURRENCY: "",
    CHUNK_SIZE: "",
    OBSERVATIONS_KEY: "",
    STATIONS_KEY: "",
    STATIONS_ENCODING: "",
    PRODUCTS_KEY: "",
    PRODUCTS: "",
    BASELINE: "",
    GRID: "",
    GRID_MEMORY_MB: "",
    GRID_BAND_FUNCTION: "",
    INVOCATION_STORAGE_MB: "",
    INVOCATION_SECONDS: "",
    S3_FORCE_PATH_STYLE: "",
  };
  expect(coordinatorSettings({ ...least, ...empty })).toEqual(defaults);
});

describe("a wrong value is named, with what would be right", () => {
  test.each<[Record<string, string | undefined>, string]>([
    [{ INPUT_BUCKET: undefined }, "INPUT_BUCKET is not set"],
    [{ INPUT_BUCKET: "" }, "INPUT_BUCKET is not set"],
    [{ OUTPUT_BUCKET: "" }, "OUTPUT_BUCKET is not set"],
    [{ INPUT_BUCKET: "arn:aws:s3:::rain-in" }, 'INPUT_BUCKET is the name of a bucket, not "arn:aws:s3:::rain-in"'],
    [{ OUTPUT_BUCKET: "s3://rain-out" }, 'OUTPUT_BUCKET is the name of a bucket, not "s3://rain-out"'],
    [{ STATION_CHUNK_FUNCTION: "" }, "STATION_CHUNK_FUNCTION is not set"],
    [{ MAX_CONCURRENCY: "0" }, 'MAX_CONCURRENCY is a whole number from 1 on, not "0"'],
    [{ MAX_CONCURRENCY: "-1.5" }, 'MAX_CONCURRENCY is a whole number from 1 on, not "-1.5"'],
    [{ MAX_CONCURRENCY: "many" }, 'MAX_CONCURRENCY is a whole number from 1 on, not "many"'],
    [{ CHUNK_SIZE: "2.5" }, 'CHUNK_SIZE is a whole number from 1 on, not "2.5"'],
    [{ CHUNK_SIZE: "Infinity" }, 'CHUNK_SIZE is a whole number from 1 on, not "Infinity"'],
    [
      { STATIONS_ENCODING: "latin" },
      'STATIONS_ENCODING is one of utf-8, utf-16le, utf-16be, gb18030, windows-1252, not "latin"',
    ],
    [{ GRID_MEMORY_MB: "256 MB" }, 'GRID_MEMORY_MB is a whole number of MiB from 1 on, not "256 MB"'],
    [{ INVOCATION_STORAGE_MB: "0" }, 'INVOCATION_STORAGE_MB is a number of MiB, not "0"'],
    [{ INVOCATION_SECONDS: "5 min" }, 'INVOCATION_SECONDS is a number of seconds, not "5 min"'],
    [{ GRID: "china" }, 'GRID is one of stations, global, not "china"'],
    [{ BASELINE: "1991" }, 'BASELINE is a first and a last year, as 1991-2020, not "1991"'],
    [{ BASELINE: "2020-1991" }, 'BASELINE has its first year after its last, not "2020-1991"'],
    [{ S3_FORCE_PATH_STYLE: "yes" }, 'S3_FORCE_PATH_STYLE is "true" or "false", not "yes"'],
    [
      { INPUT_BUCKET: undefined, CHUNK_SIZE: "none" },
      'INPUT_BUCKET is not set; CHUNK_SIZE is a whole number from 1 on, not "none"',
    ],
    [{ OUTPUT_BUCKET: "rain-in" }, "INPUT_BUCKET and OUTPUT_BUCKET are the same, so a run could start runs"],
  ])("%j", (wrong, message) => {
    const error = new InputError("BadSetting", message, { file: "environment" });
    expect(() => coordinatorSettings({ ...least, ...wrong })).toThrow(error);
  });
});
