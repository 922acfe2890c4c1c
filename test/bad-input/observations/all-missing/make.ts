import { observations } from "../../../support/bad-input.ts";

/** Not one value: every station says so. */
export default () =>
  observations({
    values: new Float32Array(24 * 4 * 5).fill(-999),
    attributes: { units: "mm/day", _FillValue: Float32Array.of(-999) },
  });
