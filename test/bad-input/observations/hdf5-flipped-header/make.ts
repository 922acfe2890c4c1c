import { hdf5, patched } from "../../../support/bad-input.ts";

/** The first object header has lost its signature. */
export default () => patched(hdf5(), "OHDR", 0, Uint8Array.of(0, 0, 0, 0));
