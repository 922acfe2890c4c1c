import { forecast } from "../../../support/bad-input.ts";

/** Cut within the values. */
export default () => forecast().subarray(0, -40);
