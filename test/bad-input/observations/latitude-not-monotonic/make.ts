import { observations } from "../../../support/bad-input.ts";

/** Rows in no order. */
export default () => observations({ lat: [20, 40, 30, 50] });
