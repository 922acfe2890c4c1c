import type { RunEntry } from "../../lib/run/records.ts";

export interface MadeEntry {
  readonly product?: string;
  /** Day of issue, `YYYYMMDD`. */
  readonly issued?: string;
  readonly targets?: readonly string[];
  readonly means?: readonly (number | null)[];
  readonly status?: RunEntry["status"];
  readonly hasPage?: boolean;
  readonly units?: string;
  readonly finishedAt?: string;
  /** Tells the run from others of the same forecast. */
  readonly of?: string;
  readonly counts?: Partial<RunEntry["counts"]>;
}

/** What an index says of a run. */
export function madeEntry(made: MadeEntry = {}): RunEntry {
  const { product = "prec", issued = "20200625", targets = ["2020-08-01 00:00:00"], of = "0123456789ab" } = made;
  const { status = "complete", hasPage = true, units = "mm/day", finishedAt = "2020-06-30 12:34:57" } = made;
  const label = `${issued}.${(targets[0] ?? "").slice(0, 7).replace("-", "")}`;
  return {
    runId: `${product}-${label}-${of}`,
    product,
    status,
    forecast: { label, issued },
    targets,
    units,
    means: made.means ?? targets.map(() => 0.25),
    counts: { planned: 966, written: 966, usable: 950, tooFar: 0, warnings: 16, ...made.counts },
    hasPage,
    finishedAt,
  };
}
