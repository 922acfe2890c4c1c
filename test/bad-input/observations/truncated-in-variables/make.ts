import { observations } from "../../../support/bad-input.ts";

const bytes = observations();

/** Cut within the list of variables. */
export default () => bytes.subarray(0, bytes.indexOf("precip") + 6);
