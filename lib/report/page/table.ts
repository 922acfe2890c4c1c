import { counted } from "../../warning.ts";
import { rowsInWords } from "../spoken-dates.ts";
import { el } from "./element.ts";
import type { Model, PageStation, Selection } from "./model.ts";
import { type Column, isNumeric, sorted, sortingHead, sortOf } from "./sorting.ts";
import { stationColumns } from "./station-columns.ts";

/** Rows that are made at once: thousands would take seconds. */
const WINDOW = 100;

/** The table of the stations that province and text leave, and the same rows for who keeps them. */
export interface StationTable {
  readonly element: HTMLElement;
  /** In the order of the table. */
  readonly rows: () => readonly PageStation[];
}

/** The stations that the filter leaves, sorted; the one that is selected is marked, and in sight. */
export function makeTable(model: Model, selection: Selection): StationTable {
  const count = el("p", { class: "count-line", "aria-live": "polite" });
  const table = el("table", { class: "stations" });
  const box = el("div", { class: "scroll", tabIndex: 0, "aria-label": "Stations" }, table);
  box.setAttribute("role", "region");
  const more = moreButton("more", () => draw(start, end + WINDOW));
  const before = moreButton("before", () => draw(start - WINDOW, end));
  let rows: readonly PageStation[] = [];
  let columns: readonly Column<PageStation>[] = [];
  let [start, end] = [0, WINDOW];
  const made = new Map<PageStation, HTMLTableRowElement>();

  function draw(from: number, to: number): void {
    [start, end] = [Math.max(0, from), Math.min(rows.length, Math.max(to, WINDOW))];
    made.clear();
    for (const station of rows.slice(start, end)) made.set(station, rowOf(station, columns, selection));
    const onSort = (sort: string) => {
      selection.change({ sort });
      const key = sort.replace(/^-/, "");
      table.querySelector<HTMLElement>(`[data-sort="${key === "" ? focused : key}"]`)?.focus();
    };
    const focused = (document.activeElement as HTMLElement | null)?.dataset["sort"] ?? "";
    table.replaceChildren(sortingHead(columns, selection.view.sort, onSort), el("tbody", {}, ...made.values()));
    before.hidden = start === 0;
    before.textContent = `show ${Math.min(WINDOW, start)} before`;
    more.hidden = end === rows.length;
    more.textContent = `show ${Math.min(WINDOW, rows.length - end)} more`;
    count.textContent = countText(model, selection, rows.length, end - start);
    mark();
  }

  function update(): void {
    columns = stationColumns(model, selection);
    const shown = model.stations.filter((station) => selection.isShown(station));
    rows = ordered(shown, columns, selection);
    box.scrollTop = 0;
    draw(0, WINDOW);
  }

  function mark(): void {
    for (const [station, row] of made) {
      if (station === selection.station) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** Brings the selected station into sight, without moving the page. */
  function reveal(): void {
    const at = selection.station === undefined ? -1 : rows.indexOf(selection.station);
    if (at === -1) return mark();
    if (at < start || at >= end) draw(at - WINDOW / 2, at + WINDOW / 2);
    mark();
    const row = made.get(rows[at]!)!;
    const [top, bottom] = [row.offsetTop - row.offsetHeight - 8, row.offsetTop + row.offsetHeight];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }

  let { view, station } = selection;
  selection.onChange(() => {
    const isOther = view !== selection.view;
    if (isOther) update();
    else if (station !== selection.station) reveal();
    ({ view, station } = selection);
  });
  box.addEventListener("keydown", (event) => moveFocus(event, table));
  update();
  return { element: el("div", {}, count, before, box, more), rows: () => rows };
}

function moreButton(kind: string, onclick: () => void): HTMLButtonElement {
  return el("button", { type: "button", class: `more ${kind}`, onclick });
}

function ordered(
  stations: readonly PageStation[],
  columns: readonly Column<PageStation>[],
  selection: Selection,
): PageStation[] {
  const [column, descending] = sortOf(columns, selection.view.sort) ?? [{ value: sizeOf }, true];
  return sorted(stations, column, descending);

  /** The most extreme first. */
  function sizeOf(station: PageStation): number {
    return station.written ? Math.abs(selection.valueOf(station)) : Number.NaN;
  }
}

function rowOf(
  station: PageStation,
  columns: readonly Column<PageStation>[],
  selection: Selection,
): HTMLTableRowElement {
  const [name, ...others] = columns;
  const button = el("button", { type: "button", class: "plain" }, name!.text(station));
  const cells = others.map((column) => el("td", { class: isNumeric(column) ? "number" : "" }, column.text(station)));
  const onclick = () => selection.select(station);
  return el("tr", { onclick }, el("th", { scope: "row" }, button), ...cells);
}

function countText({ data, stations }: Model, { lead, view }: Selection, rows: number, shown: number): string {
  const all = counted(stations.length, "station");
  const when = data.leads.length === 0 ? "" : `, ${rowsInWords([data.leads[lead]!], data.weekly)}`;
  const order = view.sort === "" ? ", most extreme first" : "";
  const part = shown < rows ? `; ${shown} shown here` : "";
  return `${rows === stations.length ? all : `${rows} of ${all}`}${when}${order}${part}`;
}

/** Arrows lead from row to row. */
function moveFocus(event: KeyboardEvent, table: HTMLTableElement): void {
  const row = (event.target as HTMLElement).closest("tbody tr");
  if (row === null || !table.contains(row)) return;
  const other =
    event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
  if (other === null) return;
  event.preventDefault();
  other.querySelector("button")!.focus();
}
