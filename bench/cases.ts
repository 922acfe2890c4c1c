import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../lib/run/records.ts";
import { type Bench, type Figure, peerCommand, root, runCommand } from "./context.ts";
import { gridBundle, gridCommand } from "./grid-command.ts";
import { median, medianOf, ratio, type Timing } from "./measure.ts";

const [FORECAST, NEXT] = ["20200625.202008", "20200626.202008"] as const;
const MB = 2 ** 20 / 1e6;

/**
 * The whole job: with nothing stored; the next day's forecast, with all that the run before has kept; and the same with
 * its grid alone. In turns with the peer.
 *
 * @throws Error where the peer writes other bytes
 */
export async function wholeJob(bench: Bench): Promise<Figure[]> {
  const { folder, inputs } = bench;
  const { nextForecast: forecast } = inputs;
  const cold = (round: number) => join(folder, `cold-${round}`);
  const first = join(folder, "first");
  const warm = afterRun(bench, first, "warm");
  const bare = afterRun(bench, first, "bare");
  const peers = { expert: join(folder, "expert"), pool: join(folder, "pool"), next: join(folder, "next") };
  // These are not counted: they store the grid, and bring inputs and programs into the machine's caches.
  await runOnce(bench, runCommand("first", bench, { out: () => first }));
  await runOnce(bench, ...peerCommand("expert", bench, peers.next, forecast));
  const [coldTime, warmTime, bareTime, expert, pool] = await bench.time([
    runCommand("cold", bench, { out: cold }),
    runCommand("warm", bench, { forecast, ...warm.all }),
    runCommand("warm, grid alone", bench, { forecast, ...bare.gridAlone }),
    ...peerCommand("expert", bench, peers.expert),
    ...peerCommand("pool", bench, peers.pool),
  ]);
  const memory: Figure = { case: "cold", what: "peak memory", value: peak(coldTime!), unit: "MB", atMost: 110 };
  if (expert === undefined || pool === undefined) return [memory];
  const last = bench.runs - 1;
  requireSameBytes(seriesIn(cold(last), FORECAST), peers.expert);
  for (const { out } of [warm.all, bare.gridAlone]) requireSameBytes(seriesIn(out(last), NEXT), peers.next);
  const faster = (name: string, ours: Timing, atLeast: number): Figure => ({
    case: name,
    what: "faster than xarray, expert",
    value: 1 / ratio(ours, expert),
    unit: "x",
    atLeast,
  });
  const work = (name: string, ours: Timing, atMost?: number): Figure => ({
    case: name,
    what: "processor time, of xarray's",
    value: ratio(ours, expert, "processor"),
    unit: "x",
    ...(atMost === undefined ? {} : { atMost }),
  });
  return [
    faster("cold", coldTime!, 5),
    work("cold", coldTime!, 0.22),
    { case: "cold", what: "faster than xarray, pool", value: 1 / ratio(coldTime!, pool), unit: "x" },
    memory,
    faster("warm", warmTime!, 14),
    work("warm", warmTime!, 0.07),
    faster("warm, grid alone", bareTime!, 6),
    work("warm, grid alone", bareTime!),
  ];
}

/** The global anomaly grid alone, in turns with cdo. */
export async function gridOnly(bench: Bench): Promise<Figure[]> {
  const { folder, inputs, cdo } = bench;
  const archive = { path: inputs.observations, variable: "precip" };
  const bundle = await gridBundle(archive, join(folder, "first"));
  const ours = gridCommand("global grid", bundle, archive, (round) => join(folder, `grid-${round}`));
  const anomalies = ["ymonsub", "-seldate,1979-01-01,2100-01-01", inputs.observations];
  const climatology = ["-ymonmean", "-selyear,1981/2010", inputs.observations];
  const theirs = {
    name: "cdo ymonsub",
    program: "cdo",
    args: () => ["-s", "-O", "-f", "nc", ...anomalies, ...climatology, join(folder, "cdo.nc")],
  };
  const [grid, peer] = await bench.time(cdo ? [ours, theirs] : [ours]);
  if (peer === undefined) return [];
  return [
    { case: "global grid", what: "of the time of cdo", value: ratio(grid!, peer), unit: "x", atMost: 0.6 },
    {
      case: "global grid",
      what: "of the processor time of cdo",
      value: ratio(grid!, peer, "processor"),
      unit: "x",
      atMost: 0.6,
    },
  ];
}

/** Rows x columns x months from January 1979 on. */
const VALUES = 180 * 360 * 498;
const FINE_VALUES = 721 * 1440 * 504;

/** The global grid of a quarter of a degree, packed: its memory, and its time per value next to that of one degree. */
export async function fineGrid(bench: Bench): Promise<Figure[]> {
  const { folder, inputs } = bench;
  const archive = { path: inputs.observations, variable: "precip" };
  const bundle = await gridBundle(archive, join(folder, "first"));
  const [grid, fine] = await bench.time(
    [
      gridCommand("global grid", bundle, archive, (round) => join(folder, `grid-${round}`)),
      // All rounds in one folder, as a grid has 2 GB.
      gridCommand("fine grid", bundle, { path: inputs.fine, variable: "t2m" }, () => join(folder, "fine")),
    ],
    Math.min(bench.runs, 3),
  );
  const perValue = (ratio(fine!, grid!) * VALUES) / FINE_VALUES;
  return [
    { case: "fine grid", what: "peak memory", value: peak(fine!), unit: "MB", atMost: 200 },
    { case: "fine grid", what: "time of a cell, of that at one degree", value: perValue, unit: "x", atMost: 1.5 },
  ];
}

/** Few and many stations on the next day; then observations in the classic format. */
export async function otherSizes(bench: Bench): Promise<Figure[]> {
  const { folder, inputs } = bench;
  const { nextForecast: forecast } = inputs;
  const sizes = [200, 2000, 20_000, 200_000] as const;
  const warm = new Map<number, ReturnType<typeof afterRun>>();
  for (const stations of sizes) {
    const first = join(folder, `first-${stations}`);
    await runOnce(bench, runCommand(`first, ${stations}`, bench, { stations, out: () => first }));
    // Of 200 000 stations they take 5 GB.
    rmSync(join(first, "prec"), { recursive: true });
    warm.set(stations, afterRun(bench, first, `warm-${stations}`));
  }
  const command = (stations: (typeof sizes)[number]) =>
    runCommand(`warm, ${stations} stations`, bench, { forecast, stations, ...warm.get(stations)!.all });
  const [, some, many] = await bench.time([
    command(200),
    command(2000),
    command(20_000),
    runCommand("cold, classic", bench, {
      observations: inputs.classic,
      out: (round) => join(folder, `classic-${round}`),
    }),
  ]);
  const rounds = Math.min(bench.runs, 3);
  const [most] = await bench.time([command(200_000)], rounds);
  requireAll(warm.get(200_000)!.all.out(rounds - 1), 200_000);
  const name = "warm, 200 000 stations";
  return [
    { case: "warm, 20 000 stations", what: "of the time of 2000", value: ratio(many!, some!), unit: "x", atMost: 6 },
    { case: name, what: "time", value: medianOf(most!, "seconds"), unit: "s", atMost: 25 },
    { case: name, what: "peak memory", value: peak(most!), unit: "MB", atMost: 600 },
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

function peak(timing: Timing): number {
  return medianOf(timing, "mebibytes") * MB;
}

/** Runs commands, and counts nothing. */
async function runOnce(bench: Bench, ...commands: Parameters<Bench["time"]>[0]): Promise<void> {
  for (const { program, args, name } of commands) {
    bench.say(name);
    execFileSync(program, args(0), { stdio: ["ignore", "ignore", "pipe"] });
  }
}

/**
 * A folder for each round, in place of that of the round before, as the run in the folder `first` leaves it for the next
 * day: `all` with all that it has kept,
 * `gridAlone` with the tiles and the marker of its grid.
 */
function afterRun({ folder }: Bench, first: string, name: string) {
  const out = (round: number) => join(folder, `${name}-${round}`);
  const grids = (round: number) => join(out(round), "grids");
  return {
    all: {
      out,
      prepare(round: number) {
        rmSync(out(round - 1), { recursive: true, force: true });
        mkdirSync(out(round));
        symlinkSync(join(first, "grids"), grids(round));
      },
    },
    gridAlone: {
      out,
      prepare(round: number) {
        rmSync(out(round - 1), { recursive: true, force: true });
        cpSync(join(first, "grids"), grids(round), { recursive: true });
        for (const kept of ["archives", "placed", "digests"]) rmSync(join(grids(round), kept), { recursive: true });
        for (const grid of readdirSync(grids(round))) {
          for (const kept of ["history", "shown"])
            rmSync(join(grids(round), grid, kept), { recursive: true, force: true });
        }
      },
    },
  };
}

/** @throws Error where a run left a station out, or has not all of them in its folder */
function requireAll(out: string, stations: number): void {
  const [run = ""] = readdirSync(join(out, "runs"));
  const { status, counts } = JSON.parse(readFileSync(join(out, "runs", run, "manifest.json"), "utf8")) as Manifest;
  const written = readdirSync(seriesIn(out, NEXT)).length;
  if (status === "complete" && counts.written === stations && written === stations) return;
  throw new Error(`${out}: ${status}, ${counts.written} of ${stations} stations written, ${written} files`);
}

/** The folder of the series of the only run of a forecast. */
function seriesIn(out: string, forecast: string): string {
  const [run = ""] = readdirSync(join(out, "prec", forecast));
  return join(out, "prec", forecast, run);
}

/** @throws Error where a file has other bytes, or only one folder has it */
function requireSameBytes(ours: string, theirs: string): void {
  const names = readdirSync(theirs);
  if (names.length !== readdirSync(ours).length) throw new Error(`${ours} and ${theirs} have other files`);
  const wrong = names.find((name) => !readFileSync(join(ours, name)).equals(readFileSync(join(theirs, name))));
  if (wrong !== undefined) throw new Error(`${join(ours, wrong)} has other bytes than the peer's`);
}
