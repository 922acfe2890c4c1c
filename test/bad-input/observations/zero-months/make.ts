import { observations } from "../../../support/bad-input.ts";

/** An archive without a month. */
export default () => observations({ time: [] });
