import { CFB } from "@e965/xlsx";
import { book } from "../../../support/workbooks.ts";

/** The workbook says of its sheet that it is in no part. */
export default () => {
  const table = book("xlsx", [
    ["id", "lat", "lon"],
    [50001, 30, 110],
  ]);
  const archive = CFB.read(table, { type: "buffer" });
  const relations = CFB.find(archive, "/xl/_rels/workbook.xml.rels");
  const text = Buffer.from(relations.content as Uint8Array).toString();
  relations.content = Buffer.from(text.replace("worksheets/sheet1.xml", ""));
  return Buffer.from(CFB.write(archive, { type: "buffer", fileType: "zip" }) as Uint8Array);
};

export const name = "stations.xlsx";
