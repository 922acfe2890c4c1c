import { book } from "../../../support/workbooks.ts";

/** Numbers that are texts are numbers all the same, and keep the zeros of an id. */
export default () =>
  book("xlsx", [
    ["id", "lat", "lon"],
    ["050001", "30", "110.5"],
    ["50002.0", "40", " 120 "],
  ]);

export const name = "stations.xlsx";
