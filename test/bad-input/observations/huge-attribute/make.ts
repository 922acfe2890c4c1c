import { observations, patched } from "../../../support/bad-input.ts";

/** An attribute of 2 GiB. */
export default () => patched(observations(), "units", 12, Uint8Array.of(0x7f, 0xff, 0xff, 0xff));
