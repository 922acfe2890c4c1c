import { expect, test } from "vitest";
import { settingsFrom } from "../../infra/settings.ts";
import { InputError } from "../../lib/errors.ts";

const DEFAULTS = {
  stackName: "S2sFanout",
  keepBuckets: true,
  trigger: "notification",
  stationsKey: "stations/stations.xls",
  products: ["prec"],
  concurrency: 8,
  coordinatorMemoryMb: 1769,
  coordinatorTimeoutSeconds: 300,
  coordinatorStorageMb: 2048,
  executionTimeoutMinutes: 15,
  gridMemoryMb: 256,
  workerMemoryMb: 512,
  workerTimeoutSeconds: 120,
  logDays: 90,
  runDays: 400,
  gridDays: 100,
  inputVersionDays: 90,
  quietDays: 2,
  fetchHours: 6,
};
const TEXTS = {
  stackName: "rain",
  inputBucket: "rain-in",
  outputBucket: "rain-out",
  keepBuckets: "false",
  trigger: "eventbridge",
  observationsKey: "observations/少/era5.*.nc",
  stationsKey: "stations/少.csv",
  stationsEncoding: "gb18030",
  products: "prec,temp",
  baseline: "1991-2020",
  grid: "global",
  chunkSize: "75",
  concurrency: "7",
  coordinatorMemoryMb: "3008",
  coordinatorTimeoutSeconds: "600",
  coordinatorStorageMb: "4096",
  executionTimeoutMinutes: "60",
  gridMemoryMb: "512",
  workerMemoryMb: "1024",
  workerTimeoutSeconds: "60",
  logDays: "30",
  runDays: "90",
  seriesDays: "90",
  gridDays: "60",
  inputVersionDays: "30",
  fetch: "cfsv2-prec,precl",
  fetchHours: "24",
  fetchLookBackDays: "30",
  alarmEmail: "rain@example.org",
  quietDays: "7",
};

test("nothing must be set, and what the toolkit keeps in its context is none of ours", () => {
  const toolkit = { "@aws-cdk/core:checkSecretUsage": true, "cli-telemetry": false, "aws:cdk:bundling-stacks": ["**"] };
  expect(settingsFrom({ ...toolkit, alarmEmail: "" })).toEqual(DEFAULTS);
});

test("all may be set, as text from the command line or as JSON", () => {
  const values = settingsFrom(TEXTS);
  expect(values).toMatchObject({ keepBuckets: false, products: ["prec", "temp"], chunkSize: 75, quietDays: 7 });
  expect(settingsFrom(values)).toEqual(values);
});

test("runs are kept as long as series, where these are not kept for ever", () => {
  expect(settingsFrom({ seriesDays: 60 })).toMatchObject({ seriesDays: 60, runDays: 60 });
  expect(settingsFrom({ seriesDays: 60, runDays: 60 })).toMatchObject({ seriesDays: 60, runDays: 60 });
});

const NUMBERS: Record<string, [from: number, to: number]> = {
  chunkSize: [1, 5000],
  concurrency: [1, 1000],
  coordinatorMemoryMb: [512, 10_240],
  coordinatorTimeoutSeconds: [60, 900],
  coordinatorStorageMb: [512, 10_240],
  executionTimeoutMinutes: [1, 527_040],
  gridMemoryMb: [16, 8192],
  workerMemoryMb: [256, 10_240],
  workerTimeoutSeconds: [15, 900],
  logDays: [1, 3653],
  runDays: [7, 3650],
  fetchHours: [1, 24],
  fetchLookBackDays: [1, 400],
  seriesDays: [40, 3650],
  gridDays: [40, 3650],
  inputVersionDays: [1, 3650],
  quietDays: [1, 7],
};
const BUCKET = "is the name of a bucket that exists";
const PRODUCTS = "is a list of product names, as prec,temp";
const BASELINE = "is a first and a last year, as 1991-2020";
const FOLDER = "is a file in stations/, as stations/stations.xls";

test.each<[Record<string, unknown>, string]>([
  [{ stackName: "1 stack" }, 'stackName is letters, digits and -, not "1 stack"'],
  [{ stackName: 5 }, "stackName is text, not 5"],
  [{ inputBucket: "s3://rain" }, `inputBucket ${BUCKET}, not "s3://rain"`],
  [{ outputBucket: "Rain" }, `outputBucket ${BUCKET}, not "Rain"`],
  [
    { inputBucket: "rain", outputBucket: "rain" },
    'outputBucket is another bucket than inputBucket, or a run could start runs, not "rain"',
  ],
  [{ keepBuckets: "no" }, 'keepBuckets is true or false, not "no"'],
  [{ stationsKey: "stations.xls" }, `stationsKey ${FOLDER}, not "stations.xls"`],
  [{ stationsKey: "stations/*" }, `stationsKey ${FOLDER}, not "stations/*"`],
  [
    { observationsKey: "archive.nc" },
    'observationsKey is a file in observations/, or a pattern of files, as observations/archive.nc or observations/era5/*.nc, not "archive.nc"',
  ],
  [{ grid: "china" }, 'grid is one of stations, global, not "china"'],
  [
    { stationsEncoding: "gbk" },
    'stationsEncoding is one of utf-8, utf-16le, utf-16be, gb18030, windows-1252, not "gbk"',
  ],
  [{ products: "prec,../x" }, `products ${PRODUCTS}, not "prec,../x"`],
  [{ products: [] }, `products ${PRODUCTS}, not []`],
  [{ products: { prec: true } }, `products ${PRODUCTS}, not {"prec":true}`],
  [{ products: "prec,PREC" }, 'products names a product twice, not "prec,PREC"'],
  [
    { products: "prec,runs" },
    'products names one of runs, grids, index, which are folders of their own, not "prec,runs"',
  ],
  [{ products: "GRIDS" }, 'products names one of runs, grids, index, which are folders of their own, not "GRIDS"'],
  [
    { products: Array.from({ length: 21 }, (_, i) => `p${i}`).join(",") },
    `products names more than 20 products, not "${Array.from({ length: 21 }, (_, i) => `p${i}`).join(",")}"`,
  ],
  [
    { executionTimeoutMinutes: 4 },
    "executionTimeoutMinutes is at least coordinatorTimeoutSeconds, or a run could not survive its own time-out, not 4",
  ],
  [
    { runDays: 400, seriesDays: 60 },
    "runDays is left out, or the same as seriesDays: a manifest and a page go when their series do, not 400",
  ],
  [{ baseline: "1991" }, `baseline ${BASELINE}, not "1991"`],
  [{ baseline: "2020-1991" }, 'baseline has its first year after its last, not "2020-1991"'],
  [
    { logDays: 8 },
    "logDays is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, not 8",
  ],
  [{ alarmEmail: "me" }, 'alarmEmail is an e-mail address, not "me"'],
  [
    { gridMemoryMb: 1600 },
    "gridMemoryMb is at most coordinatorMemoryMb less 256, which its other work takes, not 1600",
  ],
  [
    { concurrency: 0, quietDays: "x" },
    'concurrency is a whole number from 1 to 1000, not 0; quietDays is a whole number from 1 to 7, not "x"',
  ],
  ...Object.entries(NUMBERS).flatMap(([name, [from, to]]) =>
    [from - 1, to + 1, "1.5", "many", true].map((value): [Record<string, unknown>, string] => [
      { [name]: value },
      `${name} is a whole number from ${from} to ${to}, not ${JSON.stringify(value)}`,
    ]),
  ),
])("%j is refused with what would be right", (wrong, message) => {
  expect(() => settingsFrom(wrong)).toThrow(new InputError("BadSetting", message, { file: "cdk context" }));
});

test.each(["chunksize", "quiet:days", "alarm/email"])("the name %s is not taken for the toolkit's", (name) => {
  expect(() => settingsFrom({ [name]: 5 })).toThrow(`there is no setting ${name}`);
});

test("a name that is no setting is answered with those that are", () => {
  const message = "there is no setting chunksize, colour";
  expect(() => settingsFrom({ chunksize: 5, colour: "red" })).toThrow(
    new InputError("BadSetting", message, { file: "cdk context", choices: Object.keys(TEXTS) }),
  );
});
