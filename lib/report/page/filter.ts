import { choice } from "./choices.ts";
import { el } from "./element.ts";
import type { Model, Selection } from "./model.ts";

/** Text and province that leave some of the stations, on the map and in the table. */
export function makeFilter({ stations }: Model, selection: Selection): HTMLElement {
  const input = el("input", { id: "filter", type: "search", autocomplete: "off", placeholder: "id, name or province" });
  input.addEventListener("input", () => selection.change({ text: input.value }));
  const all = el(
    "button",
    { type: "button", onclick: () => selection.change({ text: "", province: "" }) },
    "Show all stations",
  );
  const follow = () => {
    const { text, province } = selection.view;
    if (input.value !== text) input.value = text;
    all.hidden = text === "" && province === "";
  };
  selection.onChange(follow);
  follow();
  const text = el("span", {}, el("label", { htmlFor: "filter" }, "Filter "), input);
  const provinces = [...new Set(stations.map(({ province }) => province))].filter((name) => name !== "").sort();
  const options = [["", "all"], ...provinces.map((name) => [name, name])] as [string, string][];
  const province = choice(
    { id: "province", title: "Province ", options },
    selection,
    ({ view }) => view.province,
    (value) => selection.change({ province: value }),
  );
  return el("div", { class: "controls" }, text, provinces.length === 0 ? null : province, all);
}
