import { readFileSync } from "node:fs";
import { monthAfter } from "../../lib/fetch/due.ts";
import type { Source } from "../../lib/fetch/source.ts";
import { writeClassic } from "../../lib/sample/classic-writer.ts";
import type { Random } from "../../lib/sample/random.ts";
import { fixture } from "./golden.ts";
import type { Published, Publisher, PublisherFault } from "./publisher.ts";
import { sourcesAt } from "./sources.ts";

const DAY_MS = 86_400_000;
export const FIRST_DAY = Date.UTC(2000, 0, 30);
/** The 29th of February is the last but one. */
export const DAYS = 32;
/** The archive that takes the place of the first one; the inputs of the golden run, in another format. */
const ARCHIVES = ["run/precip.mon.mean.nc", "run/precip.classic.nc"] as const;
const CHANGED_ON = 12;

const GRID = [19, 36] as const;
const VALUES_BYTES = 4 * GRID[0] * GRID[1];
const LARGEST_FORECAST = 2 * VALUES_BYTES;

/** The days of issue, `YYYY-MM-DD`. */
export const ISSUES = Array.from({ length: DAYS }, (_, i) => dayOf(FIRST_DAY + i * DAY_MS));

export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, "YYYY-MM-DD".length);
}

/** The target months as a person counts them, by the month of issue. */
const NEXT_MONTH: Readonly<Record<string, string>> = {
  "2000-01": "2000-02",
  "2000-02": "2000-03",
  "2000-03": "2000-04",
};

/** The name of a day's forecast. */
export function nameOf(issued: string): string {
  const target = NEXT_MONTH[issued.slice(0, 7)]!;
  return `CFSv2.Prec.${issued.replaceAll("-", "")}.${target.replace("-", "")}.nc`;
}

/** A forecast in the layout of CFSv2's, of one value that no other issue has. */
export function forecastOf(issued: string, value: number): Uint8Array {
  const [lat, lon] = GRID;
  const month = Date.parse(`${monthAfter(issued, 1)}-01`);
  const sizes = { TIME: 1, ENS: 1, LEV: 1, LAT: lat, LON: lon };
  return writeClassic({
    dimensions: Object.entries(sizes).map(([name, size]) => ({ name, size, unlimited: name === "TIME" })),
    variables: [
      { name: "LAT", dimensions: ["LAT"], attributes: { units: "degrees_north" }, values: range(lat, -90) },
      { name: "LON", dimensions: ["LON"], attributes: { units: "degrees_east" }, values: range(lon, 0) },
      {
        name: "TIME",
        dimensions: ["TIME"],
        attributes: { units: "days since 1950-01-01 00:00:00" },
        values: Float64Array.of((month - Date.UTC(1950, 0)) / DAY_MS),
      },
      { name: "anom", dimensions: Object.keys(sizes), values: new Float32Array(lat * lon).fill(value) },
    ],
  });
}

function range(count: number, first: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => first + 10 * i);
}

export function simulatedSources({ origin }: Pick<Publisher, "origin">): Source[] {
  const { forecast, observations } = sourcesAt(origin);
  const archive = { ...observations, key: "observations/precip.mon.mean.nc" };
  return [{ ...forecast, lookBackDays: 10 }, archive];
}

/** What a publisher does, day after day. */
export interface Course {
  /** The times of the rounds, milliseconds since 1970. */
  readonly rounds: readonly number[];
  /** Brings the publisher to what it has at a time. */
  publishUntil(now: number): void;
}

/** A round a day; each forecast appears at 05:00, or up to four days late. */
export function courseOf(publisher: Publisher, random: Random): Course {
  const delays = ISSUES.map(() => (random() < 0.7 ? 0 : Math.floor(random() * 5)));
  const counts = new Map<string, number>();
  const publish = (path: string, file: Published) => {
    publisher.files.set(path, file);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  };
  return {
    rounds: Array.from({ length: DAYS + 6 }, (_, i) => FIRST_DAY + i * DAY_MS + 6 * 3_600_000),
    publishUntil(now) {
      for (const [i, issued] of ISSUES.entries()) {
        const path = `/monthly/${nameOf(issued)}`;
        const at = FIRST_DAY + (i + delays[i]!) * DAY_MS + 5 * 3_600_000;
        if (at <= now && !counts.has(path)) publish(path, { body: forecastOf(issued, i), lastModified: new Date(at) });
      }
      const path = "/precl/precip.mon.mean.1x1.nc";
      const count = now < FIRST_DAY + CHANGED_ON * DAY_MS ? 1 : 2;
      const had = counts.get(path) ?? 0;
      if (had >= count) return;
      const changed = new Date(FIRST_DAY - (3 - count) * DAY_MS);
      publish(path, { body: readFileSync(fixture(ARCHIVES[count - 1]!)), lastModified: changed });
    },
  };
}

/** What takes the place of a file while it is read: the other archive, or a forecast of which every value is another. */
export function replaced(body: Uint8Array): Uint8Array {
  const other = ARCHIVES.map((name) => readFileSync(fixture(name))).findLast(
    (archive) => Buffer.compare(archive, body) !== 0,
  );
  if (body.length > LARGEST_FORECAST) return other!;
  return body.map((byte, i) => (i >= body.length - VALUES_BYTES ? byte ^ 1 : byte));
}

/** What may go wrong with a request, each as likely as the others. */
const KINDS = [
  "empty",
  "html",
  "truncated",
  "cut",
  "reset",
  "stall",
  "slow",
  "mixed",
  "503",
  "429",
  "404",
  "elsewhere",
] as const;

export type FaultKind = (typeof KINDS)[number];

/** Has a part of the publisher's answers fail. @param onFault - told of each */
export function failAtRandom(
  publisher: Publisher,
  random: Random,
  share: number,
  onFault: (kind: FaultKind) => void = () => undefined,
): void {
  publisher.fault = (path) => {
    if (random() >= share) return undefined;
    const kind = KINDS[Math.floor(random() * KINDS.length)]!;
    onFault(kind);
    return faultOf(kind, publisher.files.get(path));
  };
}

function faultOf(kind: FaultKind, file: Published | undefined): PublisherFault | undefined {
  switch (kind) {
    case "mixed":
      return (
        file && {
          mixed: { body: replaced(file.body), lastModified: new Date((file.lastModified?.getTime() ?? 0) + 1000) },
        }
      );
    case "503":
      return { status: 503, retryAfter: "7" };
    case "429":
      return { status: 429, retryAfter: "3600" };
    case "404":
      return { status: 404 };
    case "elsewhere":
      return { redirect: "http://169.254.169.254/latest/meta-data" };
    case "empty":
    case "html":
    case "truncated":
    case "cut":
    case "reset":
    case "stall":
    case "slow":
      return kind;
    default:
      return kind satisfies never;
  }
}
