import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** Days of a model's calendar, some of which the real one lacks. */
export default () =>
  observations({
    time: counting(0, 24).map((month) => 30 * month + 29),
    timeAttributes: { units: "days since 2000-01-01", calendar: "360_day" },
  });
