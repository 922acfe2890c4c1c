/** Fewer values have no percentile: those of a handful of years say nothing of what is normal. */
export const LEAST_VALUES = 10;

/** Where a forecast stands among the observations of its calendar month. */
export interface Rank {
  /** 0 where all that was observed is above it, 100 where all is below. */
  readonly percentile: number;
  /** How many observed values it is compared with. */
  readonly among: number;
}

/**
 * The mid-rank of a value among others: 100 x (those below + half of those equal) / all, which is the mean of the strict and
 * of the weak percentile rank, `percentileofscore(…, kind="mean")` of SciPy. Of a member of the sample it is Hazen's
 * plotting position, (rank - 1/2) / n.
 *
 * @param sample - NaN is missing
 * @returns undefined where the value is missing, or fewer than {@link LEAST_VALUES} are not
 */
export function rankAmong(value: number, sample: Iterable<number>): Rank | undefined {
  let [below, equal, among] = [0, 0, 0];
  for (const other of sample) {
    if (Number.isNaN(other)) continue;
    among++;
    if (other < value) below++;
    else if (other === value) equal++;
  }
  if (Number.isNaN(value) || among < LEAST_VALUES) return undefined;
  return { percentile: (100 * (below + equal / 2)) / among, among };
}

export type Tercile = "below" | "near" | "above";

/** The third of the observed values that a percentile lies in. */
export function tercileOf(percentile: number): Tercile {
  return percentile < 100 / 3 ? "below" : percentile > 200 / 3 ? "above" : "near";
}

/** Positions of the observed rows that a forecast is compared with: months, or weeks that begin in the month, of any year. */
export function rowsOfMonth(history: readonly string[], target: string): number[] {
  const month = target.slice("YYYY-".length, "YYYY-MM".length);
  return history.flatMap((row, i) => (row.slice("YYYY-".length, "YYYY-MM".length) === month ? [i] : []));
}
