import { observations } from "../../../support/bad-input.ts";

/** A row twice. */
export default () => observations({ lat: [20, 30, 30, 40] });
