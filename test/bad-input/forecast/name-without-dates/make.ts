import { forecast } from "../../../support/bad-input.ts";

/** A name that says no month is compared with none. */
export default () => forecast();

export const name = "CFSv2.Prec.latest.nc";
