import { book } from "../../../support/workbooks.ts";

/** A title, and a province, over several cells: a merged cell is the first, the others are empty. */
export default () =>
  book(
    "xlsx",
    [["Stations"], ["id", "province", "lat", "lon"], [50001, "X", 30, 110], [50002, null, 40, 120]],
    ["A1:D1", "B3:B4"],
  );

export const name = "stations.xlsx";
