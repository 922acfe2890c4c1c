import { hdf5 } from "../../../support/bad-input.ts";

/** How zlib begins. */
const DEFLATED = Buffer.of(0x78, 0x5e);
const bytes = hdf5();

/** The values of a month are no deflated bytes. */
export default () => bytes.fill(0xff, bytes.lastIndexOf(DEFLATED) + 2, bytes.lastIndexOf(DEFLATED) + 30);
