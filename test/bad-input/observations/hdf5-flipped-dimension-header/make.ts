import { hdf5 } from "../../../support/bad-input.ts";

const bytes = hdf5();

/** The last object header has lost its signature. */
export default () => bytes.fill(0, bytes.lastIndexOf("OHDR"), bytes.lastIndexOf("OHDR") + 4);
