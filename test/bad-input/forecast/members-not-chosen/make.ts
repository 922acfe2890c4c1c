import { forecast } from "../../../support/bad-input.ts";

/** An ensemble, of which the product does not say what to take. */
export default () => forecast({ members: 3 });
