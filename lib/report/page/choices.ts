import { rowInShort } from "../spoken-dates.ts";
import { el } from "./element.ts";
import type { Model, Selection, Shown } from "./model.ts";

/** Which month, or week, of the forecast is shown; a choice where there are several. */
export function leadChoice({ data }: Model, selection: Selection): HTMLElement {
  const times = data.leads.map((time) => rowInShort(time, data.weekly));
  const title = data.weekly === true ? "Week of " : "Month ";
  if (times.length < 2) return el("span", { class: "faint" }, times[0] === undefined ? "" : `${title}${times[0]}`);
  const options = times.map((text, i) => [String(i), text] as const);
  return choice(
    { id: "lead", title, options },
    selection,
    ({ lead }) => String(lead),
    (value) => selection.change({ lead: Number(value) }),
  );
}

/** Whether the map shows the anomaly or its percents from normal, where there are any. */
export function shownChoice({ data }: Model, selection: Selection): HTMLElement | null {
  if (data.stations.percent === undefined) return null;
  const titles: Readonly<Record<Shown, string>> = {
    forecast: data.variable.units ?? "anomaly",
    percent: "% from normal",
  };
  return choice(
    { id: "shown", title: "Colours ", options: Object.entries(titles) },
    selection,
    ({ shown }) => shown,
    (value) => selection.change({ shown: value as Shown }),
  );
}

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** A choice that says what is selected, whoever has selected it. */
export function choice(
  { id, title, options }: Choice,
  selection: Selection,
  of: (selection: Selection) => string,
  chosen: (value: string) => void,
): HTMLElement {
  const select = el("select", { id }, ...options.map(([value, text]) => el("option", { value }, text)));
  select.addEventListener("change", () => chosen(select.value));
  const follow = () => {
    select.value = of(selection);
  };
  selection.onChange(follow);
  follow();
  return el("span", {}, el("label", { htmlFor: id }, title), select);
}
