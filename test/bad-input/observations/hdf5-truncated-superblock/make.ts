import { hdf5 } from "../../../support/bad-input.ts";

/** Cut within HDF5's first bytes. */
export default () => hdf5().subarray(0, 20);
