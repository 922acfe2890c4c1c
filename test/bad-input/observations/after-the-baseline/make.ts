import { observations } from "../../../support/bad-input.ts";

/** An archive that begins after the baseline. */
export default () => observations({ timeAttributes: { units: "months since 2005-01-01" } });
