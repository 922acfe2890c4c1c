import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** A month that is no time. */
export default () => observations({ time: [...counting(0, 23), Number.NaN] });
