import { observations } from "../../../support/bad-input.ts";

/** Times that say nothing. */
export default () => observations({ timeAttributes: { standard_name: "time" } });
