import { oleFile } from "../../../support/workbooks.ts";

/** A workbook older than Unicode. */
export default () => oleFile({ Book: Buffer.alloc(5000, 1) });

export const name = "stations.xls";
