import { book } from "../../../support/workbooks.ts";

const bytes = book("xlsx", [
  ["id", "lat", "lon"],
  [50001, 30, 110],
]);

/** A byte of the sheet is another. */
export default () => bytes.fill(0xff, bytes.indexOf("sheet1.xml") + 60, bytes.indexOf("sheet1.xml") + 64);

export const name = "stations.xlsx";
