import { hdf5 } from "../../../support/bad-input.ts";

/** Compressed by a plugin that HDF5 does not have. */
export default () => hdf5("unknown-filter.nc");
