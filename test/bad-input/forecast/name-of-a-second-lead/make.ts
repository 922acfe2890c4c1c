import { forecast } from "../../../support/bad-input.ts";

/** The file's name says the first of two months. */
export default () => forecast({ time: [25, 26] });
