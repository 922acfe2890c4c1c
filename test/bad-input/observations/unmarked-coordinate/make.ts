import { observations } from "../../../support/bad-input.ts";

/** A latitude in metres: a projection's. */
export default () => observations({ latAttributes: { units: "m" } });
