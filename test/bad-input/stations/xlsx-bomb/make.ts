import { bomb } from "../../../support/workbooks.ts";

/** A sheet of 1 GiB of spaces in a megabyte. */
export default () => bomb();

export const name = "stations.xlsx";
