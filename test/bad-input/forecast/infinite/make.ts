import { forecast } from "../../../support/bad-input.ts";

/** An infinite value in each cell. */
export default () => forecast({ values: new Float32Array(20).fill(Infinity) });
