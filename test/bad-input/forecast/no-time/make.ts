import { forecast } from "../../../support/bad-input.ts";

/** No coordinate variable of the time. */
export default () => forecast({ without: ["time"] });
