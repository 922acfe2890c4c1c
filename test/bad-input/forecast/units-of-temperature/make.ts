import { forecast } from "../../../support/bad-input.ts";

/** Temperatures beside rain: refused, with the fields that override a wrong attribute. */
export default () => forecast({ attributes: { units: "degC" } });
