import { observations } from "../../../support/bad-input.ts";

/** A row beyond the pole. */
export default () => observations({ lat: [65, 75, 85, 95] });
