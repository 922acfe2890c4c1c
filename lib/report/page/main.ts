import { keys } from "../../keys.ts";
import type { PageData } from "../page-data.ts";
import { followAddress } from "./address.ts";
import { leadChoice, shownChoice } from "./choices.ts";
import { type Colours, classColours, coloursFor } from "./colours.ts";
import { imageButton, tableButton } from "./downloads.ts";
import { el, section } from "./element.ts";
import { makeFilter } from "./filter.ts";
import { makeAlarm, makeHeader } from "./header.ts";
import { makeHistogram } from "./histogram.ts";
import { makeLegend } from "./legend.ts";
import { makeMap } from "./map/map.ts";
import { makeModel, type PageStation, Selection, unitsShown } from "./model.ts";
import { makeProvinces } from "./provinces.ts";
import { makeRunLinks } from "./run-links.ts";
import { makeSearch } from "./search.ts";
import { makeStationPanel } from "./series.ts";
import { makeTable } from "./table.ts";
import { isDark, onThemeChange } from "./theme.ts";
import { makeWarnings } from "./warnings.ts";

const data = JSON.parse(document.querySelector("#data")!.textContent) as PageData;
const model = await makeModel(data);
const selection = new Selection(model);
const { units } = data.variable;

const valuesOf = (lead: number): number[] =>
  model.stations.filter(({ written }) => written).map(({ forecast }) => forecast[lead]!);
const allValues = data.leads.flatMap((_, lead) => valuesOf(lead));
/** One scale for all leads, so that they can be compared. */
const colours = (): Colours => coloursFor(data.variable, allValues, isDark());

/** Of the map: of the forecast, or of classes of its percents from normal. */
const mapColours = (): Colours => (selection.shown === "percent" ? classColours(data.variable, isDark()) : colours());

const page = document.querySelector("#page")!;
page.append(makeRunLinks(data), makeHeader(data));
const alarm = makeAlarm(data);
if (alarm !== null) page.append(alarm);
if (model.stations.length === 0) page.append(el("main", {}, section("Warnings", makeWarnings(model, selection))));
else page.append(stationsPart());
page.append(footer());
const first = strongest();
if (first !== undefined) followAddress(model, selection, first);
// For whoever waits until all is drawn.
document.documentElement.dataset["ready"] = "yes";

/** The parts that show the forecast of one lead, and follow the view that is chosen. */
function leadParts(): { legend: HTMLElement; histogram: HTMLElement } {
  const histogram = el("section", { class: "half" });
  const legend = el("div", { class: "legend-row" });
  const draw = () => {
    const key = makeLegend(mapColours(), unitsShown(selection, data));
    legend.replaceChildren(...[key, missingKey(), image].filter((part) => part !== null));
    const shown = model.stations.filter((station) => station.written && selection.isShown(station));
    const values = shown.map(({ forecast }) => forecast[selection.lead]!).filter(Number.isFinite);
    histogram.replaceChildren(el("h2", {}, "Stations by forecast anomaly"), makeHistogram(values, colours(), units));
  };
  const image = imageButton(model, selection, mapColours);
  let { view } = selection;
  selection.onChange(() => {
    if (view !== selection.view) draw();
    view = selection.view;
  });
  onThemeChange(draw);
  draw();
  return { legend, histogram };
}

function stationsPart(): HTMLElement {
  const { legend, histogram } = leadParts();
  const provinces = makeProvinces(model, selection, colours);
  const table = makeTable(model, selection);
  const filter = makeFilter(model, selection);
  filter.append(tableButton(model, table.rows));
  return el(
    "main",
    {},
    el(
      "div",
      { class: "columns" },
      el(
        "section",
        { class: "map-section" },
        el(
          "div",
          { class: "map-head" },
          el("h2", {}, "Forecast anomaly"),
          shownChoice(model, selection),
          leadChoice(model, selection),
        ),
        makeMap(model, selection, mapColours),
        legend,
      ),
      el("div", { class: "side" }, makeSearch(model, selection), makeStationPanel(model, selection, colours)),
    ),
    el("section", { class: "stations-part" }, el("h2", {}, "Stations"), filter, table.element),
    el(
      "div",
      { class: "columns even" },
      histogram,
      provinces === null ? null : el("section", { class: "half" }, el("h2", {}, "Means by province"), provinces),
    ),
    el("section", { class: "warnings-part" }, el("h2", {}, "Warnings"), makeWarnings(model, selection)),
  );
}

function missingKey(): HTMLElement | null {
  const missing = (station: PageStation) => !station.written || station[selection.shown].some(Number.isNaN);
  const count = model.stations.filter(missing).length;
  if (count === 0) return null;
  return el(
    "span",
    { class: "missing-key" },
    el("span", { class: "ring" }),
    `no ${selection.shown === "percent" ? "normal or " : ""}forecast, or not written (${count})`,
  );
}

/** To begin with, the station that the forecast is strongest at. */
function strongest(): PageStation | undefined {
  const size = ({ written, forecast }: PageStation) => (written ? Math.abs(forecast[0] ?? 0) || 0 : -1);
  return model.stations.toSorted((a, b) => size(b) - size(a))[0];
}

function footer(): HTMLElement {
  const { forecast, observations, stations } = data.inputs;
  // A run that failed before its stations were planned has no table.
  const files = [keys.manifest(data.runId), ...(data.csv === "" ? [] : [keys.table(data.runId)])];
  // From where the page is.
  const names = files.map((key) => key.slice(keys.run(data.runId).length));
  const links = names.flatMap((name) => [el("a", { href: name }, name), " · "]);
  return el(
    "footer",
    {},
    el("p", {}, el("span", { class: "files" }, ...links), `run ${data.runId}`),
    el("p", {}, `Made of ${forecast}, ${observations} and ${stations}. Coast: Natural Earth.`),
  );
}
