import { observations } from "../../../support/bad-input.ts";

/** A number that is written as text. */
export default () => observations({ attributes: { scale_factor: "0.1" } });
