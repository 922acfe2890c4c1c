import { el } from "./element.ts";
import { type Model, type PageStation, rowText } from "./model.ts";

/** All values, for those who read or copy; made when it is opened. */
export function valuesTable(model: Model, station: PageStation, values: Float64Array): HTMLElement {
  const { data } = model;
  const { history, leads, variable, series } = data;
  const decimals = Math.max(model.decimals, decimalsOf(series?.step ?? 1));
  const details = el("details", { class: "values" }, el("summary", {}, "Values as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table") !== null) return;
    const row = (month: string, value: number, kind: string) =>
      el(
        "tr",
        {},
        el("td", {}, month),
        el("td", { class: "number" }, Number.isNaN(value) ? "" : value.toFixed(decimals)),
        el("td", {}, kind),
      );
    const rows = [
      ...history.map((month, i) => row(month, values[i]!, "observed")),
      ...leads.map((time, lead) => row(rowText(data, time), station.forecast[lead]!, "forecast")),
    ].reverse();
    const heads = [
      data.weekly === true ? "week" : "month",
      `anomaly${variable.units === undefined ? "" : `, ${variable.units}`}`,
      "",
    ];
    const table = el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows),
    );
    const box = el("div", { class: "scroll", tabIndex: 0, "aria-label": "Values of the station" }, table);
    box.setAttribute("role", "region");
    details.append(box);
  });
  return details;
}

/** As many as the step has that the observed values are rounded to. */
function decimalsOf(step: number): number {
  return step < 1 ? Math.ceil(-Math.log10(step) - 1e-9) : 0;
}
