import { observations } from "../../../support/bad-input.ts";

const bytes = observations();

/** Cut within the attributes of a variable. */
export default () => bytes.subarray(0, bytes.indexOf("since"));
