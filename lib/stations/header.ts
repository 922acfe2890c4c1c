import { InputError } from "../errors.ts";
import { listed } from "../warning.ts";
import { type Cell, halfWidth, quoted, type Row } from "./cells.ts";
import type { Notation } from "./coordinate-text.ts";

/** Accepted titles, as {@link titleOf} leaves them: small letters, no spaces, underscores, hyphens or brackets. */
const TITLES = {
  id: ["区站号", "站号", "台站号", "id", "station", "stationid", "wmo", "wmoid", "usaf"],
  name: ["站名", "台站名", "名称", "name", "stationname"],
  province: ["省份", "省", "省名", "province", "state", "region"],
  lat: ["纬度", "lat", "latitude"],
  lon: ["经度", "lon", "long", "lng", "longitude"],
  elevation: ["观测场海拔高度", "海拔高度", "海拔", "高程", "elevation", "elev", "altitude", "alt", "height"],
} as const;

export type ColumnName = keyof typeof TITLES;

/** Those of them that nobody takes for anything else; 省 alone would be two letters in another encoding. */
const CHINESE_TITLES = Object.values(TITLES)
  .flat()
  .filter((title) => /^\p{Script=Han}{2,}$/u.test(title));

/** Whether a text has the Chinese title of a column, wherever it stands. */
export function hasChineseTitle(text: string): boolean {
  return CHINESE_TITLES.some((title) => text.includes(title));
}

const COLUMN_NAMES: readonly ColumnName[] = ["id", "name", "province", "lat", "lon", "elevation"];
const REQUIRED: readonly ColumnName[] = ["id", "lat", "lon"];

/** What stands in brackets after a title, in the same spelling; no unit is degrees, or metres. */
const UNITS = {
  degreesMinutes: new Set(["度分", "ddmm", "dddmm", "degmin", "degreesminutes"]),
  degrees: new Set(
    ["", "度", "°", "°n", "°e", "n", "e", "deg", "degree", "degrees", "degreesnorth", "degreeseast"].concat([
      "decimal",
      "decimaldegrees",
      "十进制",
      "十进制度",
      "北纬",
      "东经",
      "wgs84",
    ]),
  ),
  metres: new Set(["", "米", "m", "metre", "metres", "meter", "meters", "masl"]),
} as const;

/** A header row is looked for in these many rows, so that titles and notes may stand above it. */
export const SEARCHED_ROWS = 20;

/** Of a table: several times as many as there are weather stations in the world. */
export const MOST_ROWS = 250_000;

/** The error for a table of more rows than that. */
export function tooManyRows(file: string): InputError {
  return new InputError("TooLarge", `has more than ${MOST_ROWS} rows`, {
    file,
    hint: "Keep the stations alone that series are wanted for",
  });
}

export interface Header {
  /** Number of the header row. */
  readonly row: number;
  /** Position of each column that the table has, from 0; `id`, `lat` and `lon` are always there. */
  readonly columns: ReadonlyMap<ColumnName, number>;
  readonly notation: Readonly<Record<"lat" | "lon", Notation>>;
}

/** The rows of one sheet or CSV file, and the header row among them. */
export interface Sheet {
  readonly rows: readonly Row[];
  readonly header: Header;
  /** How many fields a row may have; infinite where what stands to the right of the table is a note. */
  readonly width: number;
}

/**
 * The first row, within the first 20, that names an id, a latitude and a longitude column; undefined if none does.
 *
 * Units in brackets are read where they change the values: `纬度(度分)` is a column of degrees and minutes, `纬度` one
 * of degrees.
 *
 * @throws InputError `BadTable` if that row names a column twice, or a unit that is not understood
 */
export function findHeader(rows: readonly Row[], file: string): Header | undefined {
  for (const row of rows) {
    if (row.number > SEARCHED_ROWS) break;
    const columns = columnsOf(row);
    if (!REQUIRED.every((name) => columns.has(name))) continue;
    rejectRepeats(row, file);
    const notationOf = (name: "lat" | "lon") => readNotation(row.cells[columns.get(name)!], row.number, file);
    const elevation = columns.get("elevation");
    if (elevation !== undefined) checkMetres(row.cells[elevation], row.number, file);
    return { row: row.number, columns, notation: { lat: notationOf("lat"), lon: notationOf("lon") } };
  }
  return undefined;
}

const ACCEPTED_NAMES = `Accepted names: ${REQUIRED.map((name) => `${name}: ${TITLES[name].join(" ")}`).join("; ")}`;

/** The error for a table in which {@link findHeader} found nothing: what its likeliest row lacks. */
export function noHeader(rows: readonly Row[], file: string): InputError {
  const searched = rows.filter((row) => row.number <= SEARCHED_ROWS && row.cells.some((cell) => cell !== undefined));
  const [first, ...others] = searched;
  if (first === undefined)
    return new InputError("BadTable", `its first ${SEARCHED_ROWS} rows are blank`, { file, hint: ACCEPTED_NAMES });
  const likeliest = others.reduce((best, row) => (columnsOf(row).size > columnsOf(best).size ? row : best), first);
  const missing = REQUIRED.filter((name) => !columnsOf(likeliest).has(name));
  return new InputError(
    "BadTable",
    `none of its first ${SEARCHED_ROWS} rows names all of id, lat and lon; row ${likeliest.number} ` +
      `(${shownCells(likeliest)}) lacks ${missing.join(" and ")}`,
    { file, hint: ACCEPTED_NAMES },
  );
}

function shownCells(row: Row): string {
  const filled = row.cells.flatMap((cell) => (cell === undefined ? [] : [quoted(cell)]));
  return listed(filled, 12);
}

/** The first position of every recognised column. */
function columnsOf(row: Row): Map<ColumnName, number> {
  const columns = new Map<ColumnName, number>();
  row.cells.forEach((cell, position) => {
    const name = columnName(cell);
    if (name !== undefined && !columns.has(name)) columns.set(name, position);
  });
  return columns;
}

function columnName(cell: Cell): ColumnName | undefined {
  const title = titleOf(cell);
  return COLUMN_NAMES.find((name) => (TITLES[name] as readonly string[]).includes(title));
}

function rejectRepeats(row: Row, file: string): void {
  for (const name of COLUMN_NAMES) {
    const named = row.cells.filter((cell) => cell !== undefined && columnName(cell) === name);
    if (named.length < 2) continue;
    throw new InputError("BadTable", `row ${row.number} has ${named.length} ${name} columns: ${named.join(", ")}`, {
      file,
      hint: "Rename or delete all but one",
    });
  }
}

function readNotation(cell: Cell, row: number, file: string): Notation {
  const unit = unitOf(cell);
  if (UNITS.degreesMinutes.has(unit)) return "degreesMinutes";
  if (UNITS.degrees.has(unit)) return "degrees";
  throw unknownUnit(`row ${row}: the unit of the column ${cell}`, file, DEGREES);
}

function checkMetres(cell: Cell, row: number, file: string): void {
  if (!UNITS.metres.has(unitOf(cell))) throw unknownUnit(`row ${row}: the unit of the column ${cell}`, file, METRES);
}

const DEGREES = { standard: "degrees", choices: ["度分", "ddmm", "度", "degrees"] };
const METRES = { standard: "metres", choices: ["米", "m"] };

function unknownUnit(unit: string, file: string, { standard, choices }: typeof DEGREES): InputError {
  return new InputError("BadTable", `${unit} is not understood`, {
    file,
    choices,
    hint: `Convert the column; one without a unit is read as ${standard}`,
  });
}

function titleOf(cell: Cell): string {
  return squeezed(cell).replace(/[([].*$/, "");
}

function unitOf(cell: Cell): string {
  return /[([]([^)\]]*)/.exec(squeezed(cell))?.[1] ?? "";
}

function squeezed(cell: Cell): string {
  return halfWidth(String(cell ?? ""))
    .toLowerCase()
    .replace(/[\s_-]+/g, "");
}
