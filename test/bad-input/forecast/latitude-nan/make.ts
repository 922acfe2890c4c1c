import { forecast } from "../../../support/bad-input.ts";

/** A row that is nowhere. */
export default () => forecast({ lat: [20, 30, Number.NaN, 50] });
