/**
 * Weighted means of series, value by value, over those that have one there: summed in double precision, in the order that they
 * are added, and divided once by the weights that took part.
 */
export class WeightedMeans {
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;

  /** @param length - of each series */
  constructor(length: number) {
    // To which -0 can be added and stays what it is.
    this.#sums = new Float64Array(length).fill(-0);
    this.#weights = new Float64Array(length);
  }

  /** @param values - NaN is missing */
  add(values: ArrayLike<number>, weight: number): void {
    for (let i = 0; i < this.#sums.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      this.#sums[i]! += weight * value;
      this.#weights[i]! += weight;
    }
  }

  /** NaN where none had a value. */
  means(): Float64Array {
    return this.#sums.map((sum, i) => sum / this.#weights[i]!);
  }
}

/** Whether any value is not missing. */
export function hasValue(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) return true;
  return false;
}
