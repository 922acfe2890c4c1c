import { observations, patched } from "../../../support/bad-input.ts";

/** A latitude of 2^31 - 1 values. */
export default () => patched(observations({ attributes: {} }), "lat", 4, Uint8Array.of(0x7f, 0xff, 0xff, 0xff));
