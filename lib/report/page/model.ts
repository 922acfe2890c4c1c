import type { PageData, WarningGroup } from "../page-data.ts";
import { type Rank, rankAmong, rowsOfMonth } from "../percentile.ts";
import { finder } from "./find.ts";
import { decimalsFor } from "./numbers.ts";
import { unpackSeries } from "./unpack.ts";

/** A station as the page shows it. */
export interface PageStation {
  readonly position: number;
  readonly id: string;
  readonly name: string;
  readonly province: string;
  readonly lat: number;
  readonly lon: number;
  readonly elevation: number | null;
  readonly distanceKm: number;
  readonly written: boolean;
  /** By lead; NaN is missing. */
  readonly forecast: readonly number[];
  /** The same in percent of the month's normal; empty where the page has none. */
  readonly percent: readonly number[];
  /** By lead, the least and the greatest anomaly of the forecast's members; empty where the page has none. */
  readonly spread: readonly (readonly [low: number, high: number])[];
  /** Of its CSV, from where the page is. */
  readonly href: string;
}

/** The page's data, with stations in rows, and series unpacked when they are asked for. */
export interface Model {
  readonly data: PageData;
  readonly stations: readonly PageStation[];
  /** How many decimals anomalies are shown with in columns. */
  readonly decimals: number;
  /** The stations with all words of a text in id, name or province, the best first; undefined where there is no word. */
  find(text: string): PageStation[] | undefined;
  /** Observed anomalies of a station, NaN where missing; undefined where the page has none. */
  series(station: PageStation): Float64Array | undefined;
  /** Where the forecast stands among the station's observed anomalies of that calendar month, if the page has these. */
  rank(station: PageStation, lead: number): Rank | undefined;
  /** What the run was warned of at a station. */
  warnings(station: PageStation): readonly WarningGroup[];
}

export async function makeModel(data: PageData): Promise<Model> {
  const stations = data.stations.id.map((_, position) => stationAt(data, position));
  const valueAt = data.series === null ? undefined : await unpackSeries(data.series);
  const seriesOf = ({ position }: PageStation) => data.stations.series[position]!;
  const rowsOfLead = data.leads.map((target) => rowsOfMonth(data.history, target));
  const warned = new Map<number, WarningGroup[]>();
  for (const group of data.warnings) {
    for (const position of group.stations) warned.set(position, [...(warned.get(position) ?? []), group]);
  }
  return {
    data,
    stations,
    decimals: decimalsFor(stations.flatMap(({ written, forecast }) => (written ? forecast : []))),
    find: finder(stations),
    series(station) {
      const at = seriesOf(station);
      if (at === -1 || valueAt === undefined) return undefined;
      return Float64Array.from(data.history, (_, row) => valueAt(at, row));
    },
    rank(station, lead) {
      const at = seriesOf(station);
      if (at === -1 || valueAt === undefined) return undefined;
      return rankAmong(
        station.forecast[lead]!,
        rowsOfLead[lead]!.map((row) => valueAt(at, row)),
      );
    },
    warnings: ({ position }) => warned.get(position) ?? [],
  };
}

function stationAt({ stations: columns, csv }: PageData, position: number): PageStation {
  const { percent = [], spread } = columns;
  const valueOf = (values: readonly (number | null)[]) => values[position] ?? Number.NaN;
  return {
    position,
    id: columns.id[position]!,
    name: columns.name[position]!,
    province: columns.province[position]!,
    lat: columns.lat[position]!,
    lon: columns.lon[position]!,
    elevation: columns.elevation[position]!,
    distanceKm: columns.distanceKm[position]!,
    written: columns.written[position] === 1,
    forecast: columns.forecast.map(valueOf),
    percent: percent.map(valueOf),
    spread: (spread?.low ?? []).map((low, lead) => [valueOf(low), valueOf(spread!.high[lead]!)]),
    // The page is in runs/<runId>/, and keys are below the bucket.
    href: `../../${csv.split("/").map(encodeURIComponent).join("/").replace("%7Bstation%7D", columns.id[position]!)}`,
  };
}

/** What the map can show of the forecast. */
export type Shown = "forecast" | "percent";

/** What is looked at, beside the station. */
export interface View {
  readonly lead: number;
  readonly shown: Shown;
  /** Only the stations of it are shown; empty for all. */
  readonly province: string;
  /** Only the stations that are found by it are shown; empty for all. */
  readonly text: string;
  /** What the table of stations is sorted by, with a minus before it for the greatest first; empty for its own order. */
  readonly sort: string;
}

export const FIRST_VIEW: View = { lead: 0, shown: "forecast", province: "", text: "", sort: "" };

/** What the parts of the page share: the station that is shown, and the view of all. */
export class Selection {
  readonly #model: Model;
  #station: PageStation | undefined;
  #view: View = FIRST_VIEW;
  #filtered: ReadonlySet<PageStation> | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  get station(): PageStation | undefined {
    return this.#station;
  }

  get view(): View {
    return this.#view;
  }

  get lead(): number {
    return this.#view.lead;
  }

  get shown(): Shown {
    return this.#view.shown;
  }

  /** What the map shows of a station; NaN is missing. */
  valueOf(station: PageStation): number {
    return station[this.shown][this.lead]!;
  }

  /** Whether a station is one of those that province and text leave. */
  isShown(station: PageStation): boolean {
    return this.#filtered?.has(station) ?? true;
  }

  select(station: PageStation): void {
    this.#station = station;
    this.#tell();
  }

  change(view: Partial<View>): void {
    this.#view = { ...this.#view, ...view };
    const { province, text } = this.#view;
    const found = this.#model.find(text);
    const inProvince = (station: PageStation) => province === "" || station.province === province;
    const all = found === undefined && province === "";
    this.#filtered = all ? undefined : new Set((found ?? this.#model.stations).filter(inProvince));
    this.#tell();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The month that a time is of, `YYYY-MM`; of weeks its day. */
export function rowText({ weekly }: Pick<PageData, "weekly">, time: string): string {
  return time.slice(0, weekly === true ? 10 : 7);
}

/** Of what the map shows. */
export function unitsShown({ shown }: Selection, { variable }: PageData): string | undefined {
  return shown === "percent" ? "% from normal" : variable.units;
}

/** `Beijing (54511)`, or the id alone. */
export function nameOf({ id, name }: PageStation): string {
  return name === "" ? id : `${name} (${id})`;
}

/** A value with its sign and unit: `+1.25 mm/day`. */
export function valueText(value: number, units = ""): string {
  if (Number.isNaN(value)) return "no value";
  const text = Math.abs(value).toLocaleString("en", { maximumSignificantDigits: 3 });
  return `${value < 0 ? "−" : value > 0 ? "+" : ""}${text}${units === "" ? "" : `\u00a0${units}`}`;
}
