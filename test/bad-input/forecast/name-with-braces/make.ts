import { forecast } from "../../../support/bad-input.ts";

/** A name that would be read as a pattern of keys. */
export default () => forecast();

export const name = "CFSv2.Prec.{station}.nc";
