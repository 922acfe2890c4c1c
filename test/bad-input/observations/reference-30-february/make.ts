import { observations } from "../../../support/bad-input.ts";

/** Times counted from a day that never was. */
export default () => observations({ timeAttributes: { units: "months since 2000-02-30" } });
