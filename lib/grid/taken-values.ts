import { type CellsMethod, isFirstValid, type WeightedCell } from "./station-method.ts";
import { hasValue, WeightedMeans } from "./weighted-means.ts";

/**
 * One series of those of some cells, as a method makes it: that of the first with any value, or their weighted mean. Values
 * are in double precision, not rounded.
 */
export class TakenValues {
  /** Of the cells that it is made of: their positions among all. */
  readonly used: number[] = [];
  readonly #means: WeightedMeans;
  readonly #isFirstValid: boolean;

  /** @param length - of each series */
  constructor(method: CellsMethod, length: number) {
    this.#means = new WeightedMeans(length);
    this.#isFirstValid = isFirstValid(method);
  }

  /** Whether no more cells are needed. They are to be given in their order. */
  get isWhole(): boolean {
    return this.#isFirstValid && this.used.length > 0;
  }

  /** @param values - of the cell at that position among all; NaN is missing */
  take(position: number, values: ArrayLike<number>, { weight }: Pick<WeightedCell, "weight">): void {
    if (!hasValue(values)) return;
    this.used.push(position);
    this.#means.add(values, weight);
  }

  /** NaN where no cell that was taken had a value. */
  values(): Float64Array {
    return this.#means.means();
  }
}
