import { observations, patched } from "../../../support/bad-input.ts";

/** NetCDF's CDF-5 format. */
export default () => patched(observations(), "CDF", 3, Uint8Array.of(5));
