import { forecast } from "../../../support/bad-input.ts";

/** Two leads at one time. */
export default () => forecast({ time: [25, 25] });
