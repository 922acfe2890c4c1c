import { observations } from "../../../support/bad-input.ts";

/** Four bytes are all that came. */
export default () => observations().subarray(0, 4);
