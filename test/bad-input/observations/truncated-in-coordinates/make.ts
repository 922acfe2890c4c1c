import { observations } from "../../../support/bad-input.ts";

const bytes = observations({ attributes: {} });

/** Cut within the values of the coordinates. */
export default () => bytes.subarray(0, bytes.length - 4 * 24 * 4 * 5 - 8);
