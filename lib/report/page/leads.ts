import { rowInShort, rowsInWords } from "../spoken-dates.ts";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import { makeLeadsChart } from "./leads-chart.ts";
import type { Model, PageStation, Selection } from "./model.ts";
import { fixedText, withUnits } from "./numbers.ts";
import { rankText, shortRankText } from "./rank-text.ts";

/** What a card says of the forecast at its station. */
interface ForecastPart {
  readonly element: HTMLElement;
  /** Follows the lead that is chosen. */
  readonly update: () => void;
}

/** The forecast at a station: in words for the lead that is chosen, and all leads as a chart and as a table. */
export function makeForecast(
  model: Model,
  station: PageStation,
  selection: Selection,
  colours: () => Colours,
): ForecastPart {
  const { data } = model;
  const words = el("p", { class: "forecast" });
  const facts = el("p", { class: "facts" });
  if (data.leads.length < 2 || !station.written) {
    const update = () => {
      words.replaceChildren(...leadWords(model, station, selection.lead, colours()));
      facts.replaceChildren(leadFacts(model, station, selection.lead));
    };
    update();
    return { element: el("div", {}, words, facts), update };
  }
  const chart = el("div", { class: "leads-chart" });
  const { table, rows } = leadsTable(model, station, selection);
  const update = () => {
    words.replaceChildren(...leadWords(model, station, selection.lead, colours()));
    facts.replaceChildren(leadFacts(model, station, selection.lead));
    chart.replaceChildren(makeLeadsChart(model, station, selection.lead, colours()));
    for (const [lead, row] of rows.entries()) {
      row.className = lead === selection.lead ? "selected" : "";
      row.querySelector("button")!.setAttribute("aria-pressed", String(lead === selection.lead));
    }
  };
  update();
  return { element: el("div", {}, words, facts, chart, table), update };
}

function leadWords({ data, decimals }: Model, station: PageStation, lead: number, { below, above }: Colours): Node[] {
  const value = station.forecast[lead] ?? Number.NaN;
  const word = value < 0 ? `, ${below}` : value > 0 ? `, ${above}` : value === 0 ? ", normal" : "";
  const time = data.leads[lead];
  const when = time === undefined ? "" : ` for ${rowsInWords([time], data.weekly)}`;
  if (!station.written) return [el("strong", {}, "not written")];
  if (Number.isNaN(value)) return [el("strong", {}, "no forecast"), el("span", {}, when)];
  const number = withUnits(fixedText(value, decimals), data.variable.units);
  return [el("strong", {}, number), el("span", {}, ` forecast${when}${word}`)];
}

/** What the forecast is beside others: the normal, what was observed, and its own members. */
function leadFacts(model: Model, station: PageStation, lead: number): string {
  const percent = station.percent[lead] ?? Number.NaN;
  const rank = model.rank(station, lead);
  const parts = [
    Number.isNaN(percent) ? "" : `${fixedText(percent, 0)}\u00a0% from normal`,
    rank === undefined ? "" : rankText(rank, model.data, lead),
    spreadText(model, station, lead, "members from "),
  ];
  return station.written ? parts.filter((part) => part !== "").join(" · ") : "";
}

/** `−0.3 to +0.9`, with words before it; nothing where there are no members. */
function spreadText({ decimals }: Model, { spread }: PageStation, lead: number, before = ""): string {
  const [low, high] = spread[lead] ?? [Number.NaN, Number.NaN];
  return Number.isNaN(low) ? "" : `${before}${fixedText(low, decimals)} to ${fixedText(high, decimals)}`;
}

function leadsTable(
  model: Model,
  station: PageStation,
  selection: Selection,
): { table: HTMLElement; rows: HTMLTableRowElement[] } {
  const { data, decimals } = model;
  const { units } = data.variable;
  const hasRanks = data.leads.some((_, lead) => model.rank(station, lead) !== undefined);
  const columns: readonly (readonly [title: string, textOf: (lead: number) => string])[] = [
    [units === undefined ? "anomaly" : `anomaly, ${units}`, (lead) => fixedText(station.forecast[lead]!, decimals)],
    ...(station.percent.length > 0
      ? [["% from normal", (lead: number) => fixedText(station.percent[lead]!, 0)] as const]
      : []),
    ...(hasRanks ? [["percentile", (lead: number) => shortRankText(model.rank(station, lead))] as const] : []),
    ...(station.spread.length > 0 ? [["members", (lead: number) => spreadText(model, station, lead)] as const] : []),
  ];
  const rows = data.leads.map((time, lead) => {
    const onclick = () => selection.change({ lead });
    const button = el("button", { type: "button", class: "plain", onclick }, rowInShort(time, data.weekly));
    const cells = columns.map(([, textOf]) => el("td", { class: "number" }, textOf(lead)));
    return el("tr", {}, el("th", { scope: "row" }, button), ...cells);
  });
  const heads = [data.weekly === true ? "week of" : "month", ...columns.map(([title]) => title)];
  const head = heads.map((text, i) => el("th", { scope: "col", class: i > 0 ? "number" : "" }, text));
  const table = el("table", { class: "leads" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
  return { table, rows };
}
