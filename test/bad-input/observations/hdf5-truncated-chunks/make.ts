import { hdf5 } from "../../../support/bad-input.ts";

/** Cut within the values. */
export default () => hdf5().subarray(0, -200);
