import { forecast } from "../../../support/bad-input.ts";

/** A grid on the other side of the globe. */
export default () => forecast({ lat: [-50, -40, -30, -20], lon: [-90, -80, -70, -60, -50] });
