import { observations, patched } from "../../../support/bad-input.ts";

/** A variable of a type that there is not. */
export default () => patched(observations({ attributes: {} }), "precip", 8 + 4 + 12 + 8, Uint8Array.of(0, 0, 0, 99));
