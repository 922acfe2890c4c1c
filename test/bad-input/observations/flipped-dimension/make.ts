import { observations, patched } from "../../../support/bad-input.ts";

/** A variable along a dimension that there is not. */
export default () => patched(observations(), "precip", 8 + 4, Uint8Array.of(0, 0, 0, 9));
