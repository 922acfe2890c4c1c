import { forecast } from "../../../support/bad-input.ts";

/** The variable has another name. */
export default () => forecast({ variable: "prate" });
