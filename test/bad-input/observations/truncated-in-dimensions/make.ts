import { observations } from "../../../support/bad-input.ts";

/** Cut within the list of dimensions. */
export default () => observations().subarray(0, 30);
