import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** Times beyond all years. */
export default () => observations({ time: [...counting(0, 23), 1e30] });
