import { observations } from "../../../support/bad-input.ts";

/** The variable has another name. */
export default () => observations({ variable: "rain" });
