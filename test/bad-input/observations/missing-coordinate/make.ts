import { observations } from "../../../support/bad-input.ts";

/** No coordinate variable of the latitude. */
export default () => observations({ without: ["lat"] });
