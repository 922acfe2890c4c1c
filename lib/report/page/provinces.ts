import { mean } from "d3-array";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import type { Model, PageStation, Selection } from "./model.ts";
import { fixedText } from "./numbers.ts";
import { type Column, isNumeric, type Sort, sorted, sortingHead, sortOf } from "./sorting.ts";

interface Province {
  readonly province: string;
  readonly stations: number;
  /** Of the forecasts of its stations; NaN where none has one. */
  readonly average: number;
}

/**
 * The mean forecast anomaly of every province, the strongest below normal first, or as is chosen; a button for each shows its
 * stations alone. Null where the table has no provinces.
 */
export function makeProvinces(model: Model, selection: Selection, colours: () => Colours): HTMLElement | null {
  const groups = Map.groupBy(model.stations, ({ province }) => province);
  groups.delete("");
  if (groups.size === 0) return null;
  const columns = columnsOf(model);
  const table = el("table", { class: "provinces" });
  let sort: Sort = "";

  const draw = () => {
    const focused = (document.activeElement as HTMLElement | null)?.dataset;
    const means = Array.from(groups, ([province, stations]) => meanOf(province, stations, selection.lead));
    const longest = means.reduce((most, { average }) => Math.max(most, Math.abs(average) || 0), 0);
    const [column, descending] = sortOf(columns, sort) ?? [columns.at(-1)!, false];
    const rows = sorted(means, column, descending).map((row) =>
      rowOf(row, columns, selection, barOf(row.average, longest, colours())),
    );
    const head = sortingHead(columns, sort, (chosen) => {
      sort = chosen;
      draw();
    });
    head.rows[0]!.append(el("td", {}));
    table.replaceChildren(head, el("tbody", {}, ...rows));
    // The button that was pressed is another element now.
    const { sort: key, province } = focused ?? {};
    const same = [...table.querySelectorAll("button")].find(
      ({ dataset }) =>
        (key !== undefined || province !== undefined) && dataset["sort"] === key && dataset["province"] === province,
    );
    same?.focus();
  };
  draw();
  let { view } = selection;
  selection.onChange(() => {
    if (view !== selection.view) draw();
    view = selection.view;
  });
  return table;
}

function columnsOf({ data, decimals }: Model): Column<Province>[] {
  const { units } = data.variable;
  return [
    { key: "province", title: "province", value: ({ province }) => province, text: ({ province }) => province },
    { key: "stations", title: "stations", value: ({ stations }) => stations, text: ({ stations }) => String(stations) },
    {
      key: "mean",
      title: `mean${units === undefined ? "" : `, ${units}`}`,
      value: ({ average }) => average,
      text: ({ average }) => fixedText(average, decimals),
    },
  ];
}

function meanOf(province: string, stations: readonly PageStation[], lead: number): Province {
  const values = stations.filter(({ written }) => written).map(({ forecast }) => forecast[lead]!);
  const average = mean(values.filter((value) => !Number.isNaN(value))) ?? Number.NaN;
  return { province, stations: stations.length, average };
}

function rowOf(
  row: Province,
  [, ...others]: readonly Column<Province>[],
  selection: Selection,
  bar: HTMLElement | null,
): HTMLElement {
  const isChosen = selection.view.province === row.province;
  const button = el(
    "button",
    {
      type: "button",
      class: "plain",
      "aria-pressed": String(isChosen),
      "data-province": row.province,
      onclick: () => selection.change({ province: isChosen ? "" : row.province }),
    },
    row.province,
  );
  const cells = others.map((column) => el("td", { class: isNumeric(column) ? "number" : "" }, column.text(row)));
  return el("tr", {}, el("th", { scope: "row" }, button), ...cells, el("td", { class: "bar-cell" }, bar));
}

function barOf(average: number, longest: number, { of }: Colours): HTMLElement | null {
  if (Number.isNaN(average)) return null;
  const size = longest === 0 ? 0 : (50 * Math.abs(average)) / longest;
  const left = average < 0 ? 50 - size : 50;
  return el("div", { class: "bar" }, el("div", { style: `left:${left}%;width:${size}%;background:${of(average)}` }));
}
