import { hdf5 } from "../../../support/bad-input.ts";

/** The variable is made of strings. */
export default () => hdf5("text.nc");
