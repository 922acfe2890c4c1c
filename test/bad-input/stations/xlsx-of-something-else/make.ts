import { zipOf } from "../../../support/workbooks.ts";

/** A text document. */
export default () => zipOf({ "word/document.xml": Buffer.from("<w/>") });

export const name = "stations.xlsx";
