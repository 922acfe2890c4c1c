import { tercileOf } from "../percentile.ts";
import { type Model, nameOf, type PageStation, type Selection } from "./model.ts";
import { fixedText } from "./numbers.ts";
import { TERCILES } from "./rank-text.ts";
import type { Column } from "./sorting.ts";

/** The columns of the table of stations for the lead that is shown, as far as the page has them. */
export function stationColumns(model: Model, { lead }: Selection): Column<PageStation>[] {
  const { data, stations, decimals } = model;
  const { units } = data.variable;
  const columns: Column<PageStation>[] = [{ key: "station", title: "station", value: nameOf, text: nameOf }];
  if (stations.some(({ province }) => province !== ""))
    columns.push({ key: "province", title: "province", value: provinceOf, text: provinceOf });
  const anomaly = (station: PageStation) => (station.written ? (station.forecast[lead] ?? Number.NaN) : Number.NaN);
  columns.push({
    key: "forecast",
    title: units === undefined ? "anomaly" : `anomaly, ${units}`,
    value: anomaly,
    text: (station) => (station.written ? fixedText(anomaly(station), decimals) : "not written"),
  });
  if (data.stations.percent !== undefined) {
    const value = ({ percent }: PageStation) => percent[lead] ?? Number.NaN;
    columns.push({ key: "percent", title: "% from normal", value, text: (station) => fixedText(value(station), 0) });
  }
  if (data.series !== null) columns.push(...rankColumns(model, lead));
  if (data.stations.spread !== undefined) {
    const [low, high] = [0, 1].map(
      (end) => (station: PageStation) => station.spread[lead]?.[end as 0 | 1] ?? Number.NaN,
    );
    const text = (station: PageStation) =>
      Number.isNaN(low!(station)) ? "" : [low!, high!].map((of) => fixedText(of(station), decimals)).join(" to ");
    columns.push({ key: "spread", title: "members", value: (station) => high!(station) - low!(station), text });
  }
  if (data.warnings.some((group) => group.stations.length > 0)) {
    const value = (station: PageStation) => model.warnings(station).length;
    columns.push({ key: "warnings", title: "warnings", value, text: (station) => String(value(station) || "") });
  }
  return columns;
}

function rankColumns(model: Model, lead: number): Column<PageStation>[] {
  // Of thousands of stations they take a while, so they are worked out when they are asked for, and once.
  const known = new Map<PageStation, number>();
  const percentile = (station: PageStation) => {
    const found = known.get(station) ?? model.rank(station, lead)?.percentile ?? Number.NaN;
    known.set(station, found);
    return found;
  };
  const shown = (station: PageStation) => Math.round(percentile(station));
  const isKnown = (station: PageStation) => !Number.isNaN(percentile(station));
  return [
    {
      key: "percentile",
      title: "percentile",
      value: percentile,
      text: (station) => (isKnown(station) ? String(shown(station)) : ""),
    },
    {
      key: "tercile",
      title: "tercile",
      value: (station) => (isKnown(station) ? TERCILES[tercileOf(percentile(station))] : ""),
      text: (station) => (isKnown(station) ? TERCILES[tercileOf(percentile(station))] : ""),
    },
  ];
}

function provinceOf({ province }: PageStation): string {
  return province;
}
