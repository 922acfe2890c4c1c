import { book } from "../../../support/workbooks.ts";

const bytes = book("biff8", [
  ["id", "lat", "lon"],
  [50001, 30, 110],
]);

/** Half of a workbook. */
export default () => bytes.subarray(0, bytes.length / 2);

export const name = "stations.xls";
