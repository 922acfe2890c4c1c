import { valueOf } from "../../run/planned-value.ts";
import type { Issue, Manifest, RunEntry, StationsRecord } from "../../run/records.ts";
import { prettyUnits } from "../../units/pretty.ts";
import { unwrittenOf } from "../report.ts";

/** What the index can say of a run beside its manifest. */
export interface Told {
  /** As the claim has it: a run that failed before it was planned knows no more of its forecast. */
  readonly issue: Issue;
  /** Of a run whose page was written. */
  readonly about?: Pick<StationsRecord, "stations" | "weekly"> | undefined;
  readonly hasPage: boolean;
}

/** What the index says of a run that has ended. */
export function entryOf(manifest: Manifest, { issue, about, hasPage }: Told): RunEntry {
  const { runId, product, status, finishedAt, forecast, units } = manifest;
  const { label, issued } = forecast ?? issue;
  const { planned, written, usable, tooFar, warnings } = manifest.counts;
  const shown = prettyUnits(units ?? "");
  return {
    runId,
    product,
    status,
    forecast: { label, issued },
    targets: forecast?.targets ?? [],
    ...(about?.weekly === true ? { weekly: true } : {}),
    ...(shown === "" ? {} : { units: shown }),
    ...(about === undefined || forecast === undefined ? {} : { means: meansOf(manifest, about) }),
    counts: { planned, written, usable, tooFar, warnings },
    hasPage,
    finishedAt,
  };
}

/** Of what is shown; the CSVs have all. */
const DIGITS = 4;

/** Means over the stations that were written and have a value, by lead; null where there is none. */
function meansOf(manifest: Manifest, { stations }: Pick<StationsRecord, "stations">): (number | null)[] {
  const unwritten = unwrittenOf(manifest);
  const written = stations.filter(({ id }) => !unwritten.has(id));
  return (manifest.forecast?.targets ?? []).map((_, lead) => {
    const values = written.map(({ forecast }) => valueOf(forecast[lead]!)).filter((value) => Number.isFinite(value));
    if (values.length === 0) return null;
    return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(DIGITS));
  });
}
