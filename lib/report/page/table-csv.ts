import { asText, BYTE_ORDER_MARK, lineOf } from "../csv-text.ts";
import { tercileOf } from "../percentile.ts";
import { type Model, type PageStation, rowText } from "./model.ts";
import { TERCILES } from "./rank-text.ts";

/** Percentiles to a tenth: there are some tens of years. */
const TENTHS = 10;

/** Some stations with all leads as CSV, with the titles of `stations.csv`; what is missing is empty. */
export function tableCsv(model: Model, stations: readonly PageStation[]): string {
  const { data } = model;
  const times = data.leads.map((time) => rowText(data, time));
  const titled = (name: string, isThere: boolean) => (isThere ? times.map((time) => `${name}_${time}`) : []);
  const [hasPercent, hasRanks] = [data.stations.percent !== undefined, data.series !== null];
  const header = [
    "id",
    "name",
    "province",
    "lat",
    "lon",
    "elevation",
    ...titled("forecast", true),
    ...titled("percent", hasPercent),
    ...titled("percentile", hasRanks),
    ...titled("tercile", hasRanks),
    "units",
    "warnings",
  ];
  const lines = stations.map((station) => {
    const ranks = hasRanks ? data.leads.map((_, lead) => model.rank(station, lead)?.percentile) : [];
    return lineOf([
      ...[station.id, station.name, station.province].map(asText),
      station.lat,
      station.lon,
      station.elevation ?? Number.NaN,
      ...(station.written ? station.forecast : station.forecast.map(() => Number.NaN)),
      ...station.percent,
      ...ranks.map((rank) => (rank === undefined ? Number.NaN : Math.round(rank * TENTHS) / TENTHS)),
      ...ranks.map((rank) => (rank === undefined ? "" : TERCILES[tercileOf(rank)])),
      asText(data.variable.units ?? ""),
      model
        .warnings(station)
        .map(({ kind }) => kind)
        .join(" "),
    ]);
  });
  return `${BYTE_ORDER_MARK}${lineOf(header)}${lines.join("")}`;
}
