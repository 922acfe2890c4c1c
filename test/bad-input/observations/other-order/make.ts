import { observations } from "../../../support/bad-input.ts";

/** Longitude before latitude. */
export default () => observations({ order: ["time", "lon", "lat"] });
