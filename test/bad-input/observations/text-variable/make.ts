import { observations } from "../../../support/bad-input.ts";

/** The variable is made of letters. */
export default () => observations({ values: "x".repeat(24 * 4 * 5) });
