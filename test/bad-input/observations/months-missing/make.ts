import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** A gap of two months, outside and inside the baseline. */
export default () => observations({ time: [...counting(0, 6), ...counting(8, 16)] });
