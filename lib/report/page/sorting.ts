import { el } from "./element.ts";

/** A column of a table that sorts. */
export interface Column<T> {
  /** Names it in {@link Sort}. */
  readonly key: string;
  readonly title: string;
  /** What is sorted by: numbers, NaN last, or texts. */
  readonly value: (row: T) => number | string;
  /** What is shown. */
  readonly text: (row: T) => string;
}

/** The key of a column, with a minus before it for the greatest first; empty for a table's own order. */
export type Sort = string;

/** Names of provinces in the order of their sounds, ids by their numbers. */
const COLLATOR = new Intl.Collator(["zh", "en"], { numeric: true });

/** The rows in an order; those without a value are last in either direction. */
export function sorted<T>(rows: readonly T[], { value }: Pick<Column<T>, "value">, descending: boolean): T[] {
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  const isGone = (key: number | string) => key === "" || Number.isNaN(key);
  const sign = descending ? -1 : 1;
  keyed.sort(({ key: a }, { key: b }) => {
    if (isGone(a) || isGone(b)) return Number(isGone(a)) - Number(isGone(b));
    return sign * (typeof a === "number" ? a - (b as number) : COLLATOR.compare(a, String(b)));
  });
  return keyed.map(({ row }) => row);
}

/** The column that a {@link Sort} names, and its direction; undefined for a table's own order, and for what it has not. */
export function sortOf<T>(columns: readonly Column<T>[], sort: Sort): [Column<T>, descending: boolean] | undefined {
  const column = columns.find(({ key }) => key === sort.replace(/^-/, ""));
  return column === undefined ? undefined : [column, sort.startsWith("-")];
}

/** A head of buttons that sort: by a column, then the other way round, then in the table's own order. */
export function sortingHead<T>(
  columns: readonly Column<T>[],
  sort: Sort,
  onSort: (sort: Sort) => void,
): HTMLTableSectionElement {
  const heads = columns.map((column) => {
    const { key, title } = column;
    const orders = isNumeric(column) ? [`-${key}`, key, ""] : [key, `-${key}`, ""];
    const at = orders.indexOf(sort);
    const next = orders[(at + 1) % orders.length]!;
    const sign = sort === key ? " ▲" : sort === `-${key}` ? " ▼" : "";
    const head = el("th", { scope: "col", class: isNumeric(column) ? "number" : "" });
    if (sign !== "") head.setAttribute("aria-sort", sort === key ? "ascending" : "descending");
    const button = el("button", { type: "button", class: "plain", "data-sort": key, onclick: () => onSort(next) });
    button.append(title, el("span", { "aria-hidden": "true" }, sign));
    head.append(button);
    return head;
  });
  return el("thead", {}, el("tr", {}, ...heads));
}

/** Columns of text have their titles, and greatest, elsewhere. */
export function isNumeric<T>({ key }: Pick<Column<T>, "key">): boolean {
  return !["station", "id", "province", "tercile"].includes(key);
}
