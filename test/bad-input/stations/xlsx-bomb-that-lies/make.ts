import { bomb } from "../../../support/workbooks.ts";

/** The same, which declares to be small. */
export default () => bomb(1000);

export const name = "stations.xlsx";
