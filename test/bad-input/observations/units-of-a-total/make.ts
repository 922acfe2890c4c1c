import { observations } from "../../../support/bad-input.ts";

/** A total of each month, in a file that does not say of what time, beside a rate. */
export default () => observations({ attributes: { units: "mm" } });
