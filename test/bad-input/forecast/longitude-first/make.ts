import { forecast } from "../../../support/bad-input.ts";

/** Longitude before latitude. */
export default () => forecast({ order: ["time", "lon", "lat"] });
