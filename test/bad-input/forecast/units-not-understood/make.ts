import { forecast } from "../../../support/bad-input.ts";

/** Words that UDUNITS does not know either. */
export default () => forecast({ attributes: { units: "mm rain" } });
