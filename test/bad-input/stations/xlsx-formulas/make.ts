import { book } from "../../../support/workbooks.ts";

/** Formulas count as their results; one without a result is an empty cell. */
export default () =>
  book("xlsx", [
    ["id", "lat", "lon"],
    [50001, { t: "n", v: 30, f: "15*2" }, 110],
    [50002, { t: "e", v: 42, f: "NA()" }, 120],
  ]);

export const name = "stations.xlsx";
