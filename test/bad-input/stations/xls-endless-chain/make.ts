import { counting } from "../../../support/classic.ts";
import { book, circular } from "../../../support/workbooks.ts";

/** A chain of sectors that comes back to itself. */
export default () => circular(book("biff8", [["id", "lat", "lon"], ...counting(1, 500).map((id) => [id, 30, 110])]));

export const name = "stations.xls";
