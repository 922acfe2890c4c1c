import { forecast } from "../../../support/bad-input.ts";

/** Digits in the name that are no dates are no dates. */
export default () => forecast();

export const name = "CFSv2.Prec.20021332.200213.nc";
