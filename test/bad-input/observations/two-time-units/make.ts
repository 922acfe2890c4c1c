import { observations } from "../../../support/bad-input.ts";

/** Two units of time in one. */
export default () => observations({ timeAttributes: { units: "hours since 1900-01-01, days since 1970-01-01" } });
