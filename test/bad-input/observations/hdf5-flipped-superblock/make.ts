import { hdf5, patched } from "../../../support/bad-input.ts";

/** The version of the superblock is one that there is not. */
export default () => patched(hdf5(), "\x89HDF".slice(1), 7, Uint8Array.of(77));
