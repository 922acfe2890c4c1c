import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** An infinite value in each cell. */
export default () =>
  observations({ values: Float32Array.from(counting(0, 24 * 4 * 5), (i) => (i < 20 ? Infinity : i)) });
