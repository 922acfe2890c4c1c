import { observations, patched } from "../../../support/bad-input.ts";

/** More dimensions than bytes in the file. */
export default () => patched(observations(), "CDF", 12, Uint8Array.of(0x7f, 0xff, 0xff, 0xff));
