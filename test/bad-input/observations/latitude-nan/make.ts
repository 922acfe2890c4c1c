import { observations } from "../../../support/bad-input.ts";

/** A row that is nowhere. */
export default () => observations({ lat: [20, Number.NaN, 40, 50] });
