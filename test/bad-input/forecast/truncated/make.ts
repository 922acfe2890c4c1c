import { forecast } from "../../../support/bad-input.ts";

/** Cut within the values. */
export default () => forecast({ attributes: {} }).subarray(0, -40);
