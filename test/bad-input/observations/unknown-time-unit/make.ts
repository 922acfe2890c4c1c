import { observations } from "../../../support/bad-input.ts";

/** A unit of time that has no fixed length. */
export default () => observations({ timeAttributes: { units: "fortnights since 2000-01-01" } });
