import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** A month twice: both are written, and told. */
export default () => observations({ time: [...counting(0, 12), 11, ...counting(12, 12)] });
