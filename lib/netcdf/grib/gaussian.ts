import { GribDamaged } from "./damaged.ts";

/** Parallels between a pole and the equator: a grid of 4 km has 2560. */
const MOST_PARALLELS = 2 ** 13;

const TURNS = 20;

const cache = new Map<number, Float64Array>();

/**
 * The latitudes of a Gaussian grid, from north to south: where the Legendre polynomial of degree `2 * parallels` is zero.
 *
 * Source: Press et al., "Numerical Recipes", 4.6.1: Newton's method, from a close guess.
 *
 * @throws GribDamaged
 */
export function gaussianLatitudes(parallels: number): Float64Array {
  if (parallels === 0 || parallels > MOST_PARALLELS) throw new GribDamaged(`it has ${parallels} Gaussian parallels`);
  const known = cache.get(parallels);
  if (known !== undefined) return known.slice();
  const degree = 2 * parallels;
  const latitudes = new Float64Array(degree);
  for (let i = 0; i < parallels; i++) {
    let root = Math.cos((Math.PI * (i + 0.75)) / (degree + 0.5));
    for (let turn = 0; turn < TURNS; turn++) {
      const step = newton(degree, root);
      root -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    const latitude = (Math.asin(root) * 180) / Math.PI;
    latitudes[i] = latitude;
    latitudes[degree - 1 - i] = -latitude;
  }
  cache.set(parallels, latitudes);
  return latitudes.slice();
}

/** The polynomial over its derivative. */
function newton(degree: number, x: number): number {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  const derivative = (degree * (x * value - before)) / (x * x - 1);
  return value / derivative;
}
