import { hdf5 } from "../../../support/bad-input.ts";

/** HDF5 of something else. */
export default () => hdf5("not-netcdf.h5");
