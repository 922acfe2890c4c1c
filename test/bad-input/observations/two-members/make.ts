import { observations } from "../../../support/bad-input.ts";

/** An ensemble, of which nobody says which member to take. */
export default () => observations({ members: 2 });
