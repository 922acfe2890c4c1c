import { counting } from "./classic.ts";
import { zipOf } from "./workbooks.ts";

const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";
const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/** A workbook of a sheet of these rows, in XML, and of these texts; it is small when it is deflated. */
export function workbook(rows: string, texts = "", behind = "", comments = ""): Buffer {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const content = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${type}.${kind}+xml"/>`;
  const related = (id: number, kind: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${DOCUMENT}/${kind}" Target="${target}.xml"/>`;
  const parts = {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${content("workbook", "sheet.main")}${content("sheet1", "worksheet")}${content("texts", "sharedStrings")}${content("notes", "comments")}</Types>`,
    "_rels/.rels": `<Relationships xmlns="${PACKAGE}">${related(1, "officeDocument", "xl/workbook")}</Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${SHEET}" xmlns:r="${DOCUMENT}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${PACKAGE}">${related(1, "worksheet", "sheet1")}${related(2, "sharedStrings", "texts")}</Relationships>`,
    "xl/_rels/sheet1.xml.rels": `<Relationships xmlns="${PACKAGE}">${related(1, "comments", "notes")}</Relationships>`,
    "xl/sheet1.xml": `<worksheet xmlns="${SHEET}"><sheetData>${rows}</sheetData>${behind}</worksheet>`,
    "xl/notes.xml": `<comments xmlns="${SHEET}"><authors/><commentList>${comments}</commentList></comments>`,
    "xl/texts.xml": `<sst xmlns="${SHEET}"><si><t>id</t></si><si><t>lat</t></si><si><t>lon</t></si>${texts}</sst>`,
  };
  return zipOf(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, Buffer.from(xml)])));
}

export const text = (cell: string, position: number) => `<c r="${cell}" t="s"><v>${position}</v></c>`;
export const number = (cell: string, value: number) => `<c r="${cell}"><v>${value}</v></c>`;
export const HEADER = `<row r="1">${text("A1", 0)}${text("B1", 1)}${text("C1", 2)}</row>`;
export const STATION = `<row r="2">${number("A2", 50_001)}${number("B2", 30)}${number("C2", 110)}</row>`;

/** Rows below the first station. */
export const rows = (count: number, cells: (row: number) => string): string =>
  HEADER +
  STATION +
  counting(3, count)
    .map((row) => `<row r="${row}">${cells(row)}</row>`)
    .join("");
