import { observations } from "../../../support/bad-input.ts";

/** A range in degrees Celsius of values in kelvins: not one value is inside. */
export default () =>
  observations({
    values: Float32Array.from({ length: 480 }, (_, i) => 260 + (i % 40)),
    attributes: { units: "mm/day", valid_range: Float32Array.of(-90, 60) },
  });
