import { describe, expect, test } from "vitest";
import { keys } from "../../lib/keys.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut } from "../../lib/run/pipeline.ts";
import type { Product, SeriesExpectation } from "../../lib/run/product.ts";
import { seriesName } from "../../lib/run/series-name.ts";
import { archive, claimed, PRODUCT, stationTable } from "../support/claimed-run.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf } from "../support/classic.ts";
import { NO_REPORTS, plainEngine } from "../support/plain-engine.ts";

/** What the reader of the series needs, as its product says. */
const EXPECT: SeriesExpectation = { lastMonth: "M-1", leads: 1, rising: true, everyMonth: true };
const NOW = "1997-06-26 12:00:00";
/** The product's first month and the month before now, counted from January 1990. */
const [FIRST, BEFORE_NOW] = [2, 7 * 12 + 4];
const LAGS = 24;

/** A row of a CSV. */
interface Row {
  readonly time: string;
  readonly value: string;
}

describe("the reader of the series, who lags them by rows beside climate indices by month,", () => {
  interface FileSet extends Times {
    /** What the reader makes of the series. */
    readonly reader: string;
    /** What the product's `series.expect` finds wrong. */
    readonly unmet: readonly string[];
  }
  const late = upTo(BEFORE_NOW - 1);
  const LAST = "lastMonth is M-1, so 1997-05 for now in 1997-06, but the observations end with 1997-04";
  const LEADS = "leads is 1, but the forecast has 2 rows: 1997-07-01, 1997-08-01";

  test.each<[string, FileSet]>([
    ["an archive that is one month late", { months: late, reader: "stops: 63 rows beside 64", unmet: [LAST] }],
    ["two leads", { leads: [6, 7], reader: "stops: 65 rows beside 64", unmet: [LEADS] }],
    [
      "an archive that is one month late and has its last month twice",
      {
        months: [...late, late.at(-1)!],
        reader: "shifts: beside 1997-05 stands 1997-04-01 00:00:00",
        unmet: [
          LAST,
          "rising is true, but 1 observed row not later than the row before: 1997-04-01",
          "everyMonth is true, but more than one in 1997-04",
        ],
      },
    ],
    [
      "an archive that is one month late, and two leads",
      {
        months: late,
        leads: [6, 7],
        reader: "shifts: beside 1997-05 stands 1997-06-26 12:00:00",
        unmet: [LAST, LEADS],
      },
    ],
    [
      "a forecast for a month that is not after now",
      {
        leads: [5],
        reader: "stops: KeyError",
        unmet: ["rising is true, but the row for now, 1997-06-26 12:00:00, is not before the forecast for 1997-06-01"],
      },
    ],
    [
      "an archive with a gap",
      {
        months: upTo(BEFORE_NOW).filter((month) => month !== 50),
        reader: "stops",
        unmet: ["everyMonth is true, but no row is observed in 1994-03"],
      },
    ],
    [
      "an archive with a gap, and a month twice",
      {
        months: upTo(BEFORE_NOW).flatMap((month) => (month === 50 ? [] : month === 60 ? [60, 60] : [month])),
        reader: "shifts",
        unmet: [
          "rising is true, but 1 observed row not later than the row before: 1995-01-01",
          "everyMonth is true, but no row is observed in 1994-03, and more than one in 1995-01",
        ],
      },
    ],
    [
      "an archive that begins a month late",
      {
        months: upTo(BEFORE_NOW).slice(1),
        reader: "stops",
        unmet: ["everyMonth is true, but no row is observed in 1990-03"],
      },
    ],
  ])("of %s would stop or shift, so the run is failed", async (_, { unmet, reader, ...times }) => {
    const paths = pathsOf(times);
    const trusting = await carriedOut(paths);
    expect(trusting.manifest?.status).toBe("complete");
    expect(madeOf(rowsOf(trusting.csv!))).toContain(reader);

    const { csv, latest, manifest } = await carriedOut(paths, EXPECT);
    const sentences = unmet.map((sentence) => `series.expect.${sentence}`).join("; ");
    expect(manifest).toMatchObject({
      status: "failed",
      error: `the series of product "prec" are not what their reader needs: ${sentences}. Get inputs that are, or change series.expect of the product; latest.json stays where it was`,
      counts: { planned: 1, written: 0, chunks: 1, chunksDone: 0 },
    });
    expect([csv, latest]).toEqual([undefined, undefined]);
  });

  test("of an archive to the month before now, and one lead, is right, and the run is complete", async () => {
    const { csv, latest, manifest } = await carriedOut(pathsOf({}), EXPECT);
    expect(madeOf(rowsOf(csv!))).toBe("right");
    expect(manifest?.status).toBe("complete");
    expect(latest).toBeDefined();
  });
});

/** Months of the archive counted from January 1990, and of the forecast from January 1997. */
interface Times {
  readonly months?: readonly number[];
  readonly leads?: readonly number[];
}

function upTo(last: number): number[] {
  return counting(FIRST, last - FIRST + 1);
}

function pathsOf({ months = upTo(BEFORE_NOW), leads = [6] }: Times) {
  return {
    observations: archive([20, 22], [100, 102], [...months]),
    forecast: forecastFor(leads),
    stations: stationTable("1,x,20,100"),
  };
}

function forecastFor(leads: readonly number[]): string {
  const axes = { TIME: monthsOf(1997, ...leads), LAT: latitudes(20, 22), LON: longitudes(100, 102) };
  return classicFile({ variable: "anom", axes });
}

/** A whole run, its one CSV and its product's latest.json. */
async function carriedOut(paths: Parameters<typeof claimed>[0], expected?: SeriesExpectation) {
  const product: Product = { ...PRODUCT, series: { ...PRODUCT.series, expect: expected } };
  const { store, run, claim } = await claimed(paths, NOW, product);
  const begun = { claim, startedAt: Date.now(), seconds: 0 };
  await carryOut(begun, plainEngine(run).engine, NO_REPORTS);
  const textOf = async (key: string) => {
    const found = await store.get(key);
    return found === undefined ? undefined : new TextDecoder().decode(found.body);
  };
  return {
    manifest: await findManifest(store, claim.runId),
    csv: await textOf(`prec/19970520.199707/${seriesName(claim)}/1.prec.csv`),
    latest: await textOf(keys.latest("prec")),
  };
}

function rowsOf(csv: string): Row[] {
  const [, ...lines] = csv.trimEnd().split("\n");
  return lines.map((line) => {
    const [time, value] = line.split(",") as [string, string];
    return { time, value };
  });
}

/**
 * The reader's `construct_lag_array1d`: for every row from the 25th on, the rows before it; the first column is the oldest.
 *
 * X = all[:-lags]; then for i in 1 … lags - 1 the column all[i : i - lags]
 */
function lag1d<T>(all: readonly T[], lags: number): T[][] {
  const columns = Array.from({ length: lags }, (_, i) => all.slice(i, i - lags));
  return columns[0]!.map((_, sample) => columns.map((column) => column[sample]!));
}

/**
 * What the reader makes of a series: it cuts it by a date, as pandas' `.loc[:date]` does; leaves the forecast out,
 * `.iloc[:-1]`; lags what is left; and puts it beside the lags of indices that it has for every month to the one before
 * now, and once more for now.
 */
function madeOf(rows: readonly Row[]): string {
  if (rows.some(({ time }, i) => i > 0 && time < rows[i - 1]!.time))
    return "stops: KeyError, the index is not monotonic";
  const months = counting(FIRST, BEFORE_NOW - FIRST + 1).map((month) =>
    new Date(Date.UTC(1990, month)).toISOString().slice(0, 7),
  );
  const indices = lag1d([...months, "now"], LAGS);
  const predictors = lag1d(rows.slice(0, -1), LAGS);
  if (predictors.length !== indices.length) return `stops: ${predictors.length} rows beside ${indices.length}`;
  const aligned = predictors.every((lags, sample) =>
    lags.every(({ time }, i) => time.slice(0, 7) === indices[sample]![i]),
  );
  return aligned ? "right" : `shifts: beside ${indices.at(-1)!.at(-1)} stands ${predictors.at(-1)!.at(-1)!.time}`;
}
