import { observations } from "../../../support/bad-input.ts";

/** An archive without units: told, and the forecast is joined as it is. */
export default () => observations({ attributes: { units: " " } });
