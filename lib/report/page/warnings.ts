import { listed, type WarningKind } from "../../warning.ts";
import type { WarningGroup } from "../page-data.ts";
import { el } from "./element.ts";
import { type Model, nameOf, type PageStation, type Selection } from "./model.ts";

/** What each kind is about, for people; docs/outputs.md#warnings says what to do. */
export const TITLES: Readonly<Record<WarningKind, string>> = {
  rowRejected: "Rows of the station table that cannot be used",
  rowsEmpty: "Rows of the station table with an empty cell",
  encodingGuessed: "The encoding of the station table was guessed",
  coordinatesSwapped: "Latitudes and longitudes may be swapped",
  idsFromNumbers: "Station ids that may have lost their zeros",
  cellMissing: "Cells without observations: all anomalies are missing",
  monthsMissing: "Cells that lack some months",
  forecastMissing: "Stations without a forecast",
  cellFar: "Stations off the grid",
  cellTooFar: "Stations too far from any cell: not written",
  historyBehind: "Observations that end too early",
  historyGap: "Months without observations",
  historyRepeats: "Months observed more than once",
  historyOverlapsForecast: "The forecast month is observed already",
  rowsNotRising: "Rows that are not in order of time",
  forecastNotMonthly: "A forecast that is not monthly",
  unitsMissing: "Units that nobody tells",
  unitsOverridden: "Units of the product, not of the file",
  initialisationsMissing: "Initialisations that are missing from the mean",
  hindcastYears: "A climatology of few hindcasts",
  baseUnknown: "Base years that nobody tells",
  baseOverridden: "Base years of the product, not of the file",
  baseDiffers: "Observations and forecast relative to different years",
  forecastNameDiffers: "The forecast's name and its content differ",
  valueInfinite: "Infinite values",
  baselineIncomplete: "An incomplete baseline",
  baselineSparse: "Cells with too few baseline years",
  timeMoved: "Dates that the real calendar lacks",
  pageMissing: "A page that was not written",
  indexMissing: "An index of all runs that was not renewed",
};

const FIRST_SHOWN = 24;

/** The warnings by kind, with their stations as buttons that show them. */
export function makeWarnings({ data, stations }: Model, selection: Selection): HTMLElement {
  if (data.warnings.length === 0) return el("p", { class: "hint" }, "None.");
  const kinds = Map.groupBy(data.warnings, ({ kind }) => kind);
  return el(
    "div",
    { class: "warnings" },
    ...Array.from(kinds, ([kind, groups], i) => {
      const about = groups.reduce((sum, group) => sum + Math.max(1, group.stations.length, group.rows.length), 0);
      return el(
        "details",
        { open: i === 0 },
        el("summary", {}, el("span", {}, TITLES[kind]), el("span", { class: "count" }, String(about))),
        ...shortened(groups, (group) => warning(group, stations, selection)),
      );
    }),
  );
}

function warning(
  { message, stations: positions, rows }: WarningGroup,
  stations: Model["stations"],
  selection: Selection,
): HTMLElement {
  const named = positions.map((position) => stations[position]!);
  const rowText = rows.length === 0 ? null : el("p", { class: "faint" }, `rows ${listed(rows, 40)}`);
  return el(
    "div",
    { class: "warning" },
    el("p", {}, message),
    rowText,
    el("div", { class: "chips" }, ...shortened(named, (station) => chip(station, selection))),
  );
}

/** A button that shows a station. */
function chip(station: PageStation, selection: Selection): HTMLElement {
  const onclick = () => {
    selection.select(station);
    document.querySelector(".station")?.scrollIntoView({ block: "center" });
  };
  return el("button", { type: "button", class: "chip", onclick }, nameOf(station));
}

/** The first of many, and a button for the rest. */
function shortened<T>(items: readonly T[], make: (item: T) => HTMLElement): HTMLElement[] {
  const shown = items.slice(0, FIRST_SHOWN).map(make);
  if (items.length <= FIRST_SHOWN) return shown;
  const more: HTMLElement = el(
    "button",
    { type: "button", class: "more", onclick: () => more.replaceWith(...items.slice(FIRST_SHOWN).map(make)) },
    `show all ${items.length}`,
  );
  return [...shown, more];
}
