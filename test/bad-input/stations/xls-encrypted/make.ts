import { book, locked } from "../../../support/workbooks.ts";

/** A workbook with a password. */
export default () =>
  locked(
    book("biff8", [
      ["id", "lat", "lon"],
      [50001, 30, 110],
    ]),
  );

export const name = "stations.xls";
