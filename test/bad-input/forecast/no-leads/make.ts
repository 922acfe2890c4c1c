import { forecast } from "../../../support/bad-input.ts";

/** A forecast for nothing. */
export default () => forecast({ time: [] });
