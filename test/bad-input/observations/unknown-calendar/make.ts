import { observations } from "../../../support/bad-input.ts";

/** A calendar that there is not. */
export default () => observations({ timeAttributes: { units: "months since 2000-01-01", calendar: "mayan" } });
