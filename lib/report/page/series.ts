import type uPlot from "uplot";
import type { PageData } from "../page-data.ts";
import { CHART_HEIGHT, drawSeries, YEAR } from "./chart.ts";
import { ChartKey } from "./chart-key.ts";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import { makeForecast } from "./leads.ts";
import { type Model, nameOf, type PageStation, type Selection } from "./model.ts";
import { withUnits } from "./numbers.ts";
import { onThemeChange } from "./theme.ts";
import { valuesTable } from "./values-table.ts";
import { TITLES } from "./warnings.ts";

const RANGES = { "10 years": 10, "30 years": 30, all: Infinity } as const;
type Range = keyof typeof RANGES;

/** The part of a chart's width that stays free behind the last row, so that its sign is seen whole. */
const ROOM_AHEAD = 0.04;

/** The panel of the station that is shown: who it is, what is missing of it, its forecast, its series and its CSV. */
export function makeStationPanel(model: Model, selection: Selection, colours: () => Colours): HTMLElement {
  const panel = el("section", { class: "station", "aria-live": "polite" });
  let range: Range = "10 years";
  let chart: uPlot | undefined;
  let shown: PageStation | undefined;
  let updateForecast = () => {};

  function show(): void {
    chart?.destroy();
    chart = undefined;
    const { station } = selection;
    shown = station;
    if (station === undefined) {
      const hint = "Choose a station on the map, or by its id or name, to see its series.";
      panel.replaceChildren(el("h2", {}, "Station"), el("p", { class: "hint" }, hint));
      return;
    }
    const forecast = makeForecast(model, station, selection, colours);
    updateForecast = forecast.update;
    panel.replaceChildren(
      el("h2", {}, nameOf(station)),
      el("p", { class: "facts" }, factsOf(station)),
      ...warningsOf(model, station),
      forecast.element,
      ...observedPart(station),
    );
  }

  /** The chart of the observations with what belongs to it, or why there is none. */
  function observedPart(station: PageStation): HTMLElement[] {
    const observed = model.series(station);
    const why = whyNoChart(model.data, station, observed);
    if (observed === undefined || why !== undefined) return [el("p", { class: "hint missing-series" }, why ?? "")];
    const plot = el("div", { class: "plot" });
    const key = new ChartKey(model, station, observed, colours());
    // It is as wide as its place, which it has once it is in the page.
    queueMicrotask(() => {
      if (!plot.isConnected) return;
      const { onCursor } = key;
      chart = drawSeries({ plot, data: model.data, station, observed, colours: colours(), onCursor, spanOf });
    });
    return [
      rangeButtons(),
      plot,
      key.element,
      valuesTable(model, station, observed),
      roundingNote(model.data, station),
    ];
  }

  function rangeButtons(): HTMLElement {
    const buttons = (Object.keys(RANGES) as Range[]).map((name) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": String(name === range),
          onclick: () => {
            range = name;
            for (const button of buttons) button.setAttribute("aria-pressed", String(button.textContent === name));
            if (chart !== undefined) chart.setScale("x", spanOf(chart.data[0] as number[]));
          },
        },
        name,
      ),
    );
    const group = el("div", { class: "ranges", "aria-label": "Years shown" }, ...buttons);
    group.setAttribute("role", "group");
    return group;
  }

  function spanOf(times: readonly number[]): { min: number; max: number } {
    const [first, last] = [times[0]! - YEAR / 6, times.at(-1)!];
    const years = Math.min(RANGES[range] * YEAR, last - first);
    return { min: last - years, max: last + years * ROOM_AHEAD };
  }

  new ResizeObserver(() => {
    const plot = panel.querySelector<HTMLElement>(".plot");
    if (plot !== null && plot.clientWidth > 0) chart?.setSize({ width: plot.clientWidth, height: CHART_HEIGHT });
  }).observe(panel);
  selection.onChange(() => (selection.station === shown ? updateForecast() : show()));
  onThemeChange(show);
  show();
  return panel;
}

/** What the run was warned of at the station. */
function warningsOf(model: Model, station: PageStation): HTMLElement[] {
  const items = model
    .warnings(station)
    .map(({ kind, message }) => el("li", {}, el("strong", {}, TITLES[kind]), `: ${message}`));
  return items.length === 0 ? [] : [el("ul", { class: "station-warnings" }, ...items)];
}

/** Why a station has no chart, with a link to what there is instead; undefined where it has one. */
function whyNoChart(
  { missing, history }: PageData,
  { written, href }: PageStation,
  observed: Float64Array | undefined,
): HTMLElement | undefined {
  if (!written) {
    const [error, ...others] = new Set(missing.map((chunk) => chunk.error));
    const why = error === undefined || others.length > 0 ? "" : ` (${error})`;
    return el("span", {}, `Its chunk was not written${why}, so there is no series. Resume the run to have it.`);
  }
  const link = el("a", { href }, "the station's CSV");
  if (observed === undefined)
    return el("span", {}, "The run has too many cells for the series to be in this page; ", link, " has it.");
  if (observed.some((value) => !Number.isNaN(value))) return undefined;
  const rows = history.length === 0 ? "The archive has no months." : "Its cell has no observations in any month.";
  return el("span", {}, `${rows} All anomalies of `, link, " are missing values.");
}

function roundingNote({ series, variable }: PageData, { href }: PageStation): HTMLElement {
  const step = withUnits(String(series?.step ?? 0), variable.units);
  const link = el("a", { href }, "the station's CSV");
  return el("p", { class: "note" }, `Values here are rounded to ${step}; `, link, " has all their digits.");
}

function factsOf({ province, lat, lon, elevation, distanceKm }: PageStation): string {
  const place = `${Math.abs(lat).toFixed(2)}°${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(2)}°${lon < 0 ? "W" : "E"}`;
  const parts = [province, place, elevation === null ? "" : `${elevation} m`, `cell ${distanceKm} km away`];
  return parts.filter((part) => part !== "").join(" · ");
}
