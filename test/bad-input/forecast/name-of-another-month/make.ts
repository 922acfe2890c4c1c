import { forecast } from "../../../support/bad-input.ts";

/** The file's name says February, its time April. */
export default () => forecast({ time: [27] });
