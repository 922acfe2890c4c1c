import type { PageData } from "../page-data.ts";
import { el } from "./element.ts";
import { type PageStation, rowText } from "./model.ts";

/** All values, for those who read or copy; made when it is opened. */
export function valuesTable(data: PageData, station: PageStation, values: Float64Array): HTMLElement {
  const { history, leads, variable } = data;
  const details = el("details", { class: "values" }, el("summary", {}, "Values as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table") !== null) return;
    const row = (month: string, value: number, kind: string) =>
      el(
        "tr",
        {},
        el("td", {}, month),
        el("td", { class: "number" }, Number.isNaN(value) ? "" : String(value)),
        el("td", {}, kind),
      );
    const rows = [
      ...leads.map((time, lead) => row(rowText(data, time), station.forecast[lead]!, "forecast")),
      ...history.map((month, i) => row(month, values[i]!, "observed")).reverse(),
    ];
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
