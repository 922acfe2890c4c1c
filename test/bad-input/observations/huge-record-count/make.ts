import { observations, patched } from "../../../support/bad-input.ts";

/** Four thousand million months, in a file of a few. */
export default () =>
  patched(observations({ time: [], attributes: {} }), "CDF", 4, Uint8Array.of(0xff, 0xff, 0xff, 0xfe));
