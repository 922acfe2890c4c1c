import { mean } from "d3-array";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import type { PageStation } from "./model.ts";
import { fixedText } from "./numbers.ts";

/** The mean forecast anomaly of every province, the strongest below normal first; null where the table has no provinces. */
export function makeProvinces(
  stations: readonly PageStation[],
  lead: number,
  { of }: Colours,
  { units, decimals }: { readonly units: string | undefined; readonly decimals: number },
): HTMLElement | null {
  const groups = Map.groupBy(stations, ({ province }) => province);
  groups.delete("");
  if (groups.size === 0) return null;
  const means = Array.from(groups, ([province, members]) => {
    const values = members.filter(({ written }) => written).map(({ forecast }) => forecast[lead]!);
    const average = mean(values.filter((value) => !Number.isNaN(value))) ?? Number.NaN;
    return { province, stations: members.length, average };
  });
  const longest = means.reduce((most, { average }) => Math.max(most, Math.abs(average) || 0), 0);
  const order = ({ average }: { average: number }) => (Number.isNaN(average) ? Infinity : average);
  const rows = means
    .sort((a, b) => order(a) - order(b))
    .map(({ province, stations: count, average }) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, province),
        el("td", { class: "number" }, String(count)),
        el("td", { class: "number" }, fixedText(average, decimals)),
        el("td", { class: "bar-cell" }, Number.isNaN(average) ? null : bar(average)),
      ),
    );
  const heads = ["province", "stations", `mean${units === undefined ? "" : `, ${units}`}`];
  const table = el(
    "table",
    { class: "provinces" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...heads.map((text, i) => el("th", { scope: "col", class: i > 0 ? "number" : "" }, text)),
        el("td", {}),
      ),
    ),
    el("tbody", {}, ...rows),
  );
  const box = el("div", { class: "scroll", tabIndex: 0, "aria-label": "Means by province" }, table);
  box.setAttribute("role", "region");
  return box;

  function bar(average: number): HTMLElement {
    const size = (50 * Math.abs(average)) / longest;
    const left = average < 0 ? 50 - size : 50;
    return el("div", { class: "bar" }, el("div", { style: `left:${left}%;width:${size}%;background:${of(average)}` }));
  }
}
