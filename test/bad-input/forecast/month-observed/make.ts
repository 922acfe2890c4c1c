import { forecast } from "../../../support/bad-input.ts";

/** A forecast for a month that the archive has: told, and so is its name. */
export default () => forecast({ time: [23] });
