import { forecast } from "../../../support/bad-input.ts";

/** No units, as in CFSv2's own files: told, and joined as it is. */
export default () => forecast({ attributes: { units: " " } });
