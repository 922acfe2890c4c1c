import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** Years in no order. */
export default () => observations({ time: [...counting(12, 12), ...counting(0, 12)] });
