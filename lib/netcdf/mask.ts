/** Makes NaN of the values that are missing, and of those outside a range. */
export type MaskFloats = (values: Float32Array, missing: readonly number[], range: Range) => void;
export type Range = readonly [low: number, high: number];

/** As {@link MaskFloats}, of doubles. */
export function maskDoubles(values: Float64Array, missing: readonly number[], [low, high]: Range): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (missing.includes(value) || value < low || value > high) values[i] = Number.NaN;
  }
}

/** Masks floats as the words that hold them: each would be turned into a double to be compared, which takes longer. */
export function maskWords(values: Float32Array, missing: readonly number[], [low, high]: Range): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  // What is outside of the range goes with it.
  const inside = missing.filter((value) => value >= low && value <= high);
  for (const value of inside) maskFloat(words, value);
  if (low !== -Infinity || high !== Infinity) maskFloatsOutside(words, low, high);
}

function wordOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}

const NAN_WORD = wordOf(Number.NaN);

function maskFloat(words: Int32Array, missing: number): void {
  const nan = NAN_WORD;
  const one = wordOf(missing);
  const other = missing === 0 ? wordOf(-missing) : one;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === one || word === other) words[i] = nan;
  }
}

function maskFloatsOutside(words: Int32Array, low: number, high: number): void {
  const nan = NAN_WORD;
  // Either zero is as large as the other.
  const first = rankOf(wordOf(low === 0 ? -0 : low));
  const last = rankOf(wordOf(high === 0 ? 0 : high));
  for (let i = 0; i < words.length; i++) {
    const rank = rankOf(words[i]!);
    if (rank < first || rank > last) words[i] = nan;
  }
}

/** Of two floats the larger one has the larger rank: without its sign, a word counts as the float does. */
function rankOf(word: number): number {
  return word ^ ((word >> 31) & 0x7fffffff);
}
