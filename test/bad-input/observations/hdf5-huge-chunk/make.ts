import { hdf5 } from "../../../support/bad-input.ts";

/** Chunks of 2.5 GiB, in a file of 10 kB. */
export default () => hdf5("huge-chunk.nc");
