import { forecast } from "../../../support/bad-input.ts";

/** Not one value: every station says so. */
export default () =>
  forecast({
    values: new Float32Array(20).fill(-999),
    attributes: { units: "mm/day", _FillValue: Float32Array.of(-999) },
  });
