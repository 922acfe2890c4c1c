import { describe, expect, test } from "vitest";
import { entryOf } from "../../lib/report/index/entry.ts";
import { indexPage, runsIn } from "../../lib/report/index/index-page.ts";
import { changesOf, neighbourOf, newestFirst } from "../../lib/report/index/order.ts";
import type { RunEntry } from "../../lib/run/records.ts";
import { mulberry32 } from "../../lib/sample/random.ts";
import { failedReport, madeReport, partialReport } from "../support/made-report.ts";
import { madeEntry } from "../support/run-entries.ts";

const [AUGUST, SEPTEMBER] = ["2020-08-01 00:00:00", "2020-09-01 00:00:00"] as const;
const sorted = (...runs: RunEntry[]) => runs.toSorted(newestFirst);
const issue = { label: "20200625.202008", issued: "20200625" };

describe("what the index says of a run", () => {
  test("has the mean of its stations for each lead, and nothing that it does not know", () => {
    const { manifest, about } = madeReport({ stations: 3, leads: [AUGUST, SEPTEMBER] });
    const stations = about.stations.map((station, i) => ({ ...station, forecast: [i, null] }));
    const entry = entryOf(manifest, { issue, about: { stations }, hasPage: true });
    expect(entry).toEqual({
      runId: "prec-20200625.202008-0123456789ab",
      product: "prec",
      status: "complete",
      forecast: issue,
      targets: [AUGUST, SEPTEMBER],
      units: "mm/day",
      means: [1, null],
      counts: { planned: 3, written: 3, usable: 3, tooFar: 0, warnings: 0 },
      hasPage: true,
      finishedAt: "2020-06-30 12:34:57",
    });
  });

  test("is of the stations that were written, where some were not", () => {
    const { manifest, about } = partialReport(2, { stations: 4 });
    const stations = about.stations.map((station, i) => ({ ...station, forecast: [i] }));
    expect(entryOf(manifest, { issue, about: { stations }, hasPage: true }).means).toEqual([2.5]);
  });

  test("is of a run that failed before it was planned what its claim tells", () => {
    const { manifest } = failedReport("no forecast");
    const entry = entryOf(manifest, { issue, hasPage: false });
    expect(entry).toMatchObject({ status: "failed", forecast: issue, targets: [], hasPage: false });
    expect(entry.means).toBeUndefined();
  });
});

describe("the forecast before and after", () => {
  const [june24, june25, june26] = ["20200624", "20200625", "20200626"].map((issued) => madeEntry({ issued })) as [
    RunEntry,
    RunEntry,
    RunEntry,
  ];
  const other = madeEntry({ product: "temp", issued: "20200627" });

  test("is of the same product, in the order of issue, however they ended in time", () => {
    const late = { ...june24, finishedAt: "2021-01-01 00:00:00" };
    const runs = sorted(june26, other, late, june25);
    expect(runs.map(({ runId }) => runId)).toEqual([other, june26, june25, late].map(({ runId }) => runId));
    expect(neighbourOf(runs, june25.runId, "next")).toBe(june26);
    expect(neighbourOf(runs, june25.runId, "previous")).toBe(late);
    expect(neighbourOf(runs, june26.runId, "next")).toBeUndefined();
    expect(neighbourOf(runs, june24.runId, "previous")).toBeUndefined();
    expect(neighbourOf(runs, "nobody", "next")).toBeUndefined();
  });

  test("is, of several runs of it, the last that is complete; and no other run of the same forecast", () => {
    const again = madeEntry({ issued: "20200626", of: "b", finishedAt: "2020-07-01 00:00:00" });
    const failed = madeEntry({ issued: "20200626", of: "c", status: "failed", finishedAt: "2020-07-02 00:00:00" });
    const runs = sorted(june25, june26, again, failed);
    expect(neighbourOf(runs, june25.runId, "next")).toBe(again);
    for (const { runId } of [june26, again, failed]) expect(neighbourOf(runs, runId, "previous")).toBe(june25);
  });

  test("is one with a page, if there is one", () => {
    const bare = madeEntry({ issued: "20200626", hasPage: false });
    const partial = madeEntry({ issued: "20200626", of: "b", status: "partial", finishedAt: "2020-06-01 00:00:00" });
    expect(neighbourOf(sorted(june25, bare, partial), june25.runId, "next")).toBe(partial);
    expect(neighbourOf(sorted(june25, bare), june25.runId, "next")).toBe(bare);
  });
});

describe("the change of a mean", () => {
  const of = (issued: string, targets: readonly string[], means: readonly (number | null)[], more = {}) =>
    madeEntry({ issued, targets, means, ...more });

  test("is since the forecast before that has the same target, which need not be the one before", () => {
    const old = of("20200624", [AUGUST], [1]);
    const between = of("20200625", [SEPTEMBER], [5]);
    const now = of("20200626", [AUGUST, SEPTEMBER], [1.5, 4]);
    const changes = changesOf(sorted(old, between, now));
    expect(changes.get(now)).toEqual([
      { difference: 0.5, since: old },
      { difference: -1, since: between },
    ]);
    expect(changes.get(old)).toEqual([undefined]);
  });

  test("passes over forecasts without a mean, other units and other products", () => {
    const old = of("20200622", [AUGUST], [1]);
    const now = of("20200626", [AUGUST], [3]);
    const runs = sorted(
      old,
      of("20200623", [AUGUST], [null]),
      of("20200624", [AUGUST], [9], { units: "mm/month" }),
      of("20200625", [AUGUST], [9], { product: "temp" }),
      now,
    );
    expect(changesOf(runs).get(now)).toEqual([{ difference: 2, since: old }]);
  });

  test("is none between runs of one forecast", () => {
    const first = of("20200625", [AUGUST], [1]);
    const again = of("20200625", [AUGUST], [2], { of: "b", finishedAt: "2020-07-01 00:00:00" });
    const changes = changesOf(sorted(first, again));
    expect([changes.get(first), changes.get(again)]).toEqual([[undefined], [undefined]]);
  });
});

/** Runs of so many days, of six months or weeks each. */
function manyRuns(count: number, weekly: boolean): RunEntry[] {
  const random = mulberry32(count);
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(Date.UTC(2010, 0, 1 + i));
    const text = (date: Date) => `${date.toISOString().slice(0, 10)} 00:00:00`;
    const targets = Array.from({ length: 6 }, (__, lead) =>
      text(
        weekly
          ? new Date(day.getTime() + 7 * lead * 86_400_000)
          : new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1 + lead)),
      ),
    );
    const issued = day.toISOString().slice(0, 10).replaceAll("-", "");
    const of = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(12, "0");
    const means = targets.map(() => Number((2 * random() - 1).toPrecision(4)));
    const warnings = Math.floor(random() * 100);
    const finishedAt = text(day).replace("00:00:00", `0${i % 10}:12:${10 + (i % 50)}`);
    return madeEntry({ issued, targets, means, of, finishedAt, counts: { usable: 966 - warnings, warnings } });
  });
}

describe("the page", () => {
  test.each([["months", false] as const, ["weeks", true] as const])(
    "of 5000 runs of six %s each is below 1 MB, and has them all, newest first",
    async (_, weekly) => {
      const runs = manyRuns(5000, weekly);
      const page = Buffer.from(await indexPage(runs));
      expect(page.length).toBeLessThan(1e6);
      expect(runsIn(page)).toEqual(runs.toReversed());
    },
  );

  test("is the same bytes for the same runs in another order, and asks nobody for anything", async () => {
    const runs = manyRuns(30, false);
    const page = await indexPage(runs);
    expect(await indexPage(runs.toReversed())).toBe(page);
    expect(page).not.toMatch(/<(script|link|img)[^>]*(src|href)="(?!data:)/);
  });
});
