import type uPlot from "uplot";
import type { PageData } from "../page-data.ts";
import { CHART_HEIGHT, drawSeries, YEAR } from "./chart.ts";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import { type Model, nameOf, type PageStation, rowText, type Selection, valueText } from "./model.ts";
import { onThemeChange } from "./theme.ts";
import { valuesTable } from "./values-table.ts";

const RANGES = { "10 years": 10, "30 years": 30, all: Infinity } as const;
type Range = keyof typeof RANGES;

/** The panel of the station that is shown: who it is, its series as a chart and as a table, and its CSV. */
export function makeStationPanel(model: Model, selection: Selection, colours: () => Colours): HTMLElement {
  const panel = el("section", { class: "station", "aria-live": "polite" });
  let range: Range = "10 years";
  let chart: uPlot | undefined;

  function show(): void {
    chart?.destroy();
    chart = undefined;
    const { station } = selection;
    if (station === undefined) {
      const hint = "Choose a station on the map, or by its id or name, to see its series.";
      panel.replaceChildren(el("h2", {}, "Station"), el("p", { class: "hint" }, hint));
      return;
    }
    const values = model.series(station);
    const plot = el("div", { class: "plot" });
    panel.replaceChildren(
      el("h2", {}, nameOf(station)),
      el("p", { class: "facts" }, factsOf(station)),
      forecastLine(model.data, station, colours()),
      ...(values === undefined
        ? [el("p", { class: "hint" }, whyNoSeries(station))]
        : [rangeButtons(), plot, valuesTable(model.data, station, values), roundingNote(model.data, station)]),
    );
    if (values !== undefined) {
      chart = drawSeries({ plot, data: model.data, station, observed: values, colours: colours(), spanOf });
    }
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
    const max = times.at(-1)! + YEAR / 6;
    return { min: Math.max(times[0]! - YEAR / 6, max - RANGES[range] * YEAR), max };
  }

  new ResizeObserver(() => {
    const plot = panel.querySelector<HTMLElement>(".plot");
    if (plot !== null && plot.clientWidth > 0) chart?.setSize({ width: plot.clientWidth, height: CHART_HEIGHT });
  }).observe(panel);
  selection.onChange(show);
  onThemeChange(show);
  show();
  return panel;
}

function forecastLine(data: PageData, station: PageStation, { below, above }: Colours): HTMLElement {
  const { leads, variable } = data;
  const parts = leads.map((time, lead) => {
    const value = station.forecast[lead]!;
    const word = Number.isNaN(value) ? "" : value < 0 ? below : value > 0 ? above : "normal";
    return el(
      "span",
      { class: "lead" },
      el("strong", {}, station.written ? valueText(value, variable.units) : "not written"),
      ` forecast for ${rowText(data, time)}${word === "" ? "" : `, ${word}`}`,
    );
  });
  return el("p", { class: "forecast" }, ...parts);
}

function whyNoSeries({ written }: PageStation): string {
  if (!written) return "Its chunk was not written, so there is no series. Resume the run to have it.";
  return "The run has too many cells for the series to be in this page; the station's CSV has it.";
}

function roundingNote({ series, variable }: PageData, { href }: PageStation): HTMLElement {
  const step = `${series?.step ?? 0}${variable.units === undefined ? "" : `\u00a0${variable.units}`}`;
  const link = el("a", { href }, "the station's CSV");
  return el("p", { class: "note" }, `Values here are rounded to ${step}; `, link, " has all their digits.");
}

function factsOf({ province, lat, lon, elevation, distanceKm }: PageStation): string {
  const place = `${Math.abs(lat).toFixed(2)}°${lat < 0 ? "S" : "N"} ${Math.abs(lon).toFixed(2)}°${lon < 0 ? "W" : "E"}`;
  const parts = [province, place, elevation === null ? "" : `${elevation} m`, `cell ${distanceKm} km away`];
  return parts.filter((part) => part !== "").join(" · ");
}
