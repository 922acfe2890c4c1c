import { constants, deflateRawSync } from "node:zlib";
import type { FloatArray } from "../grid/floats.ts";
import { CODES, MOST_STEPS, type PackedSeries } from "./packed.ts";

/** Steps in a standard deviation where there is room for them: more than a screen shows. */
const FINEST = 200;
/** Every so many values are looked at to choose the step. */
const SAMPLE = 7;

/**
 * Packs series into about `bytes` bytes of text, with the finest step that fits.
 *
 * @param series - of one length; NaN is missing
 */
export function packSeries(series: readonly FloatArray[], bytes: number): PackedSeries {
  const months = series[0]?.length ?? 0;
  const sample = sampleOf(series);
  let step = stepFrom(Math.max(deviation(sample) / FINEST, largestOf(series) / MOST_STEPS));
  // Three bytes are four letters of text.
  while (!fits(sample, step, (bytes * 0.75) / (series.length * months))) step = stepFrom(step * 1.5);

  const count = series.length * months;
  const packed = new Uint8Array(2 * count);
  for (const [i, values] of series.entries()) {
    for (let t = 0, at = i * months; t < months; t++, at++) {
      const code = codeOf(values[t]!, step);
      packed[at] = code & 255;
      packed[count + at] = code >> 8;
    }
  }
  const data = deflateRawSync(packed, { strategy: constants.Z_RLE, level: 6 }).toString("base64");
  return { count: series.length, months, step, data };
}

function codeOf(value: number, step: number): number {
  if (Number.isNaN(value)) return CODES.missing;
  if (Math.abs(value) === Infinity) return value > 0 ? CODES.infinite : CODES.negativeInfinite;
  const steps = Math.round(value / step);
  return steps < 0 ? -2 * steps - 1 : 2 * steps;
}

/** Every so many finite values of all. */
function sampleOf(series: readonly FloatArray[]): Float32Array {
  const months = series[0]?.length ?? 0;
  const some = new Float32Array(Math.ceil((series.length * months) / SAMPLE));
  let count = 0;
  for (let at = 0; at < series.length * months; at += SAMPLE) {
    const value = series[Math.floor(at / months)]![at % months]!;
    if (Number.isFinite(value)) some[count++] = value;
  }
  return some.subarray(0, count);
}

/** The size of the largest finite value of all. By positions: iterators of arrays take ten times as long. */
function largestOf(series: readonly FloatArray[]): number {
  let largest = 0;
  for (const values of series) {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]!);
      if (size > largest && size < Infinity) largest = size;
    }
  }
  return largest;
}

function deviation(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2)) || 1;
}

/** The least of 1, 2 and 5 times a power of ten that is not below `least`. */
export function stepFrom(least: number): number {
  const power = Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((n) => n * 10 ** power >= least * (1 - 1e-9))!;
  // By text: 3 * 10 ** -2 is not quite 0.03.
  return Number(`${digit}e${power}`);
}

/** Whether values in steps can be coded, each in so many bytes: by their entropy, which deflate nearly reaches. */
function fits(values: Float32Array, step: number, bytes: number): boolean {
  const counts = new Uint32Array(CODES.missing + 1);
  for (let i = 0; i < values.length; i++) counts[codeOf(values[i]!, step)]!++;
  let bits = 0;
  // By positions, as in largestOf.
  for (let code = 0; code < counts.length; code++) {
    const part = counts[code]! / values.length;
    if (part > 0) bits -= part * Math.log2(part);
  }
  return values.length === 0 || bits * 1.04 + 0.1 <= 8 * bytes;
}
