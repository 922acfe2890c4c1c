import { observations } from "../../../support/bad-input.ts";
import { counting } from "../../../support/classic.ts";

/** An archive that ends four months before now. */
export default () => observations({ time: counting(0, 20) });
