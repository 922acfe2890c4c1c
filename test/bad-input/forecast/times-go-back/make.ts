import { forecast } from "../../../support/bad-input.ts";

/** Two leads in the wrong order. */
export default () => forecast({ time: [26, 25] });
