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
