import { observations } from "../../../support/bad-input.ts";

/** A grid without a row. */
export default () => observations({ lat: [], order: ["lat", "lon", "time"] });
