import { hdf5 } from "../../../support/bad-input.ts";

/** Cut within the description of the variables. */
export default () => hdf5().subarray(0, 3000);
