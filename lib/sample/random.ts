/** A source of numbers in [0, 1). */
export type Random = () => number;

/**
 * mulberry32, Tommy Ettinger's 32-bit generator in Chris Foster's JavaScript form: the same seed gives the same
 * numbers on every machine. Good enough to make samples, not for statistics or secrets.
 *
 * Source: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (public domain)
 */
export function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
