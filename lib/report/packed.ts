/** Series rounded to a step, packed for a page: made by packed-series.ts, unpacked by page/unpack.ts. */
export interface PackedSeries {
  readonly count: number;
  readonly months: number;
  /** What the values are rounded to, in their unit: 1, 2 or 5 times a power of ten. */
  readonly step: number;
  /**
   * Base64 of deflated 16-bit codes, shape (count, months), all low bytes before all high ones. A code is a value in
   * steps, {@link MISSING}, or plus or minus {@link INFINITE}.
   */
  readonly data: string;
}

export const MISSING = -32_768;
export const INFINITE = 32_767;
