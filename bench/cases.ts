import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Bench, type Figure, gridCommand, peerCommand, root, runCommand } from "./context.ts";
import { median, ratio, type Timing } from "./measure.ts";

const FORECAST = "20200625.202008";
const MB = 2 ** 20 / 1e6;

/**
 * The whole job without and with a stored grid, in turns with the peer.
 *
 * @throws Error where the peer writes other bytes
 */
export async function wholeJob(bench: Bench): Promise<Figure[]> {
  const { folder, peer } = bench;
  const cold = (round: number) => join(folder, `cold-${round}`);
  const warm = withGrid(bench, "warm");
  const peers = peer === undefined ? [] : (["expert", "pool"] as const);
  const peerOut = (mode: string) => join(folder, mode);
  // A run that is not counted: it stores the grid, and brings inputs and programs into the machine's caches.
  await bench.time([runCommand("cold, first", bench, { out: () => warm.first })], 1);
  const [coldTime, warmTime, expert, pool] = await bench.time([
    runCommand("cold", bench, { out: cold }),
    runCommand("warm", bench, warm.folders),
    ...peers.map((mode) => peerCommand(mode, bench, peer!, peerOut(mode))),
  ]);
  const figures: Figure[] = [
    ...timeFigures("cold", coldTime!),
    { case: "cold", what: "peak memory", value: peak(coldTime!), unit: "MB", atMost: 450 },
    ...timeFigures("warm", warmTime!),
    { case: "warm", what: "peak memory", value: peak(warmTime!), unit: "MB" },
  ];
  if (expert === undefined || pool === undefined) return figures;
  requireSameBytes(join(cold(0), "prec", FORECAST), peerOut("expert"));
  requireSameBytes(join(warm.folders.out(0), "prec", FORECAST), peerOut("expert"));
  return [
    ...figures,
    ...timeFigures("xarray, expert", expert),
    ...timeFigures("xarray, pool", pool),
    { case: "cold", what: "faster than xarray, expert", value: 1 / ratio(coldTime!, expert), unit: "x", atLeast: 5 },
    { case: "cold", what: "faster than xarray, pool", value: 1 / ratio(coldTime!, pool), unit: "x", atLeast: 10 },
    { case: "warm", what: "faster than xarray, expert", value: 1 / ratio(warmTime!, expert), unit: "x", atLeast: 12 },
  ];
}

/** The anomaly grid alone, in turns with cdo. */
export async function gridOnly(bench: Bench): Promise<Figure[]> {
  const { folder, inputs, cdo } = bench;
  const ours = gridCommand("grid only", inputs.observations, "precip", (round) => join(folder, `grid-${round}`));
  if (!cdo) return timeFigures("grid only", (await bench.time([ours]))[0]!);
  const anomalies = ["ymonsub", "-seldate,1979-01-01,2100-01-01", inputs.observations];
  const climatology = ["-ymonmean", "-selyear,1981/2010", inputs.observations];
  const theirs = {
    name: "cdo ymonsub",
    program: "cdo",
    args: () => ["-s", "-O", "-f", "nc", ...anomalies, ...climatology, join(folder, "cdo.nc")],
  };
  const [grid, peer] = await bench.time([ours, theirs]);
  return [
    ...timeFigures("grid only", grid!),
    ...timeFigures("cdo ymonsub", peer!),
    { case: "grid only", what: "of the time of cdo", value: ratio(grid!, peer!), unit: "x", atMost: 0.8 },
  ];
}

/** Rows x columns x months from January 1979 on. */
const VALUES = 180 * 360 * 498;
const FINE_VALUES = 721 * 1440 * 504;

/** The anomaly grid of a quarter of a degree, packed: its memory, and its time per value next to that of one degree. */
export async function fineGrid(bench: Bench): Promise<Figure[]> {
  const { folder, inputs } = bench;
  const [grid, fine] = await bench.time(
    [
      gridCommand("grid only", inputs.observations, "precip", (round) => join(folder, `grid-${round}`)),
      // All rounds in one folder, as a grid has 2 GB.
      gridCommand("fine grid", inputs.fine, "t2m", () => join(folder, "fine")),
    ],
    Math.min(bench.runs, 5),
  );
  const perValue = (ratio(fine!, grid!) * VALUES) / FINE_VALUES;
  return [
    ...timeFigures("fine grid", fine!),
    { case: "fine grid", what: "peak memory", value: peak(fine!), unit: "MB", atMost: 1500 },
    { case: "fine grid", what: "time of a cell, of that at one degree", value: perValue, unit: "x", atMost: 1.5 },
  ];
}

/** Few and many stations with a stored grid; then observations in the classic format. */
export async function otherSizes(bench: Bench): Promise<Figure[]> {
  const { folder, inputs } = bench;
  const sizes = [200, 2000, 20_000] as const;
  const warm = sizes.map((stations) => withGrid(bench, `warm-${stations}`));
  await bench.time([runCommand("cold, first", bench, { out: () => warm[0]!.first })], 1);
  const [few, some, many, classic] = await bench.time([
    ...sizes.map((stations, i) => runCommand(`warm, ${stations} stations`, bench, { stations, ...warm[i]!.folders })),
    runCommand("cold, classic", bench, {
      observations: inputs.classic,
      out: (round) => join(folder, `classic-${round}`),
    }),
  ]);
  return [
    ...timeFigures("warm, 200 stations", few!),
    ...timeFigures("warm, 20 000 stations", many!),
    { case: "warm, 20 000 stations", what: "of the time of 2000", value: ratio(many!, some!), unit: "x", atMost: 8 },
    ...timeFigures("cold, classic observations", classic!),
  ];
}

interface CloudRun {
  readonly coordinator: number;
  readonly chunks: readonly { readonly seconds: number; readonly processor: number }[];
  readonly written: number;
  readonly requests: Readonly<Record<string, number>>;
}

const CHUNK = 100;
const LATENCY_MS = 25;

/** The bundles of the functions over the S3 protocol, with {@link LATENCY_MS} added to each request. */
export async function cloud({ inputs, say }: Bench): Promise<Figure[]> {
  say("the functions over S3");
  const { observations, forecast, stations } = inputs;
  const args = [join(root, "bench/cloud/functions.ts"), observations, forecast, stations[2000], CHUNK, LATENCY_MS];
  const output = execFileSync(process.execPath, args.map(String), { encoding: "utf8", maxBuffer: 2 ** 24 });
  const runs = JSON.parse(output) as { cold: CloudRun; warm: CloudRun; megabytes: number };
  const worker: Figure = { case: "cloud", what: "memory of a worker", value: runs.megabytes, unit: "MB", atMost: 120 };
  const figures = (["cold", "warm"] as const).flatMap((kind): Figure[] => {
    const { coordinator, chunks, written, requests } = runs[kind];
    const count = Object.values(requests).reduce((sum, n) => sum + n, 0);
    const most = written + 8 * chunks.length + 60;
    const name = `cloud, ${kind}`;
    return [
      {
        case: name,
        what: `a chunk of ${CHUNK} stations`,
        value: median(chunks.map((c) => c.seconds)),
        unit: "s",
        atMost: 0.5,
      },
      { case: name, what: "processor time of a chunk", value: median(chunks.map((c) => c.processor)), unit: "s" },
      { case: name, what: "the coordinator's work", value: coordinator, unit: "s" },
      { case: name, what: "requests of the run", value: count, unit: "requests", atMost: most },
      ...Object.entries(requests).map(([what, value]): Figure => ({ case: name, what, value, unit: "requests" })),
    ];
  });
  return [worker, ...figures];
}

function timeFigures(name: string, { seconds }: Timing): Figure[] {
  return [
    { case: name, what: "median", value: median(seconds), unit: "s" },
    { case: name, what: "least", value: Math.min(...seconds), unit: "s" },
    { case: name, what: "most", value: Math.max(...seconds), unit: "s" },
  ];
}

function peak({ mebibytes }: Timing): number {
  return median(mebibytes) * MB;
}

/** A folder for each round, which finds its grid in the folder `first`: a run must have written that before. */
function withGrid({ folder }: Bench, name: string) {
  const first = join(folder, "first");
  const out = (round: number) => join(folder, `${name}-${round}`);
  const prepare = (round: number) => {
    mkdirSync(out(round));
    symlinkSync(join(first, "grids"), join(out(round), "grids"));
  };
  return { first, folders: { out, prepare } };
}

/** @throws Error where a file has other bytes, or only one folder has it */
function requireSameBytes(ours: string, theirs: string): void {
  const names = readdirSync(theirs);
  if (names.length !== readdirSync(ours).length) throw new Error(`${ours} and ${theirs} have other files`);
  const wrong = names.find((name) => !readFileSync(join(ours, name)).equals(readFileSync(join(theirs, name))));
  if (wrong !== undefined) throw new Error(`${join(ours, wrong)} has other bytes than the peer's`);
}
