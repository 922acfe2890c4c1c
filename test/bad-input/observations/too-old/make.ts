import { observations } from "../../../support/bad-input.ts";

/** An archive that ends before the product's first month. */
export default () => observations({ timeAttributes: { units: "months since 1900-01-01" } });
