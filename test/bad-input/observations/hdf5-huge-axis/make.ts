import { hdf5 } from "../../../support/bad-input.ts";

/** A latitude of 2^34 values, in a file of 10 kB. */
export default () => hdf5("huge-axis.nc");
