import { observations } from "../../../support/bad-input.ts";

/** A column at infinity. */
export default () => observations({ lon: [90, 100, 110, 120, Number.POSITIVE_INFINITY] });
