/** Series rounded to a step, packed for a page: made by packed-series.ts, unpacked by page/unpack.ts. */
export interface PackedSeries {
  readonly count: number;
  readonly months: number;
  /** What the values are rounded to, in their unit: 1, 2 or 5 times a power of ten. */
  readonly step: number;
  /**
   * Base64 of deflated 16-bit codes, shape (count, months), all low bytes before all high ones. Codes 0, 1, 2, 3 … are 0,
   * -1, 1, -2 … steps, so that the high bytes of small numbers of either sign are zero; the last three are {@link CODES}.
   */
  readonly data: string;
}

export const CODES = { missing: 65_535, infinite: 65_534, negativeInfinite: 65_533 } as const;

/** Most steps that a code can be, of either sign. */
export const MOST_STEPS = 32_765;

/**
 * Reads packed series: the value of a position and month, NaN where missing, rounded to the packed step.
 *
 * @param bytes - what {@link PackedSeries.data} holds, inflated
 */
export function packedReader(
  { count, months, step }: PackedSeries,
  bytes: Uint8Array,
): (position: number, month: number) => number {
  const high = count * months;
  // Of 0.02 there are 50 in 1: dividing by a whole number gives 0.06, and not 0.06 and a bit.
  const perUnit = step < 1 ? Math.round(1 / step) : undefined;
  return (position, month) => {
    const at = position * months + month;
    const code = bytes[at]! | (bytes[high + at]! << 8);
    if (code === CODES.missing) return Number.NaN;
    if (code === CODES.infinite) return Infinity;
    if (code === CODES.negativeInfinite) return -Infinity;
    const steps = code % 2 === 1 ? -(code + 1) / 2 : code / 2;
    return perUnit === undefined ? steps * step : steps / perUnit;
  };
}
