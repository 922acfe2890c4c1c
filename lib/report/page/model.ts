import type { PageData } from "../page-data.ts";
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
  /** Of its CSV, from where the page is. */
  readonly href: string;
}

/** The page's data, with stations in rows, and series unpacked when they are asked for. */
export interface Model {
  readonly data: PageData;
  readonly stations: readonly PageStation[];
  /** Observed anomalies of a station, NaN where missing; undefined where the page has none. */
  series(station: PageStation): Float64Array | undefined;
}

export async function makeModel(data: PageData): Promise<Model> {
  const { stations: columns, csv } = data;
  const seriesAt = data.series === null ? undefined : await unpackSeries(data.series);
  const stations = columns.id.map(
    (id, position): PageStation => ({
      position,
      id,
      name: columns.name[position]!,
      province: columns.province[position]!,
      lat: columns.lat[position]!,
      lon: columns.lon[position]!,
      elevation: columns.elevation[position]!,
      distanceKm: columns.distanceKm[position]!,
      written: columns.written[position] === 1,
      forecast: columns.forecast.map((values) => values[position] ?? Number.NaN),
      percent: (columns.percent ?? []).map((values) => values[position] ?? Number.NaN),
      // The page is in runs/<runId>/, and keys are below the bucket.
      href: `../../${csv.split("/").map(encodeURIComponent).join("/").replace("%7Bstation%7D", id)}`,
    }),
  );
  return {
    data,
    stations,
    series(station) {
      const at = columns.series[station.position]!;
      return at === -1 ? undefined : seriesAt?.(at);
    },
  };
}

/** What the map can show of the forecast. */
export type Shown = "forecast" | "percent";

/** What the parts of the page share: the station that is shown, the lead, and what the map shows of it. */
export class Selection {
  #station: PageStation | undefined;
  #lead = 0;
  #shown: Shown = "forecast";
  readonly #listeners: (() => void)[] = [];

  get station(): PageStation | undefined {
    return this.#station;
  }

  get lead(): number {
    return this.#lead;
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** What the map shows of a station; NaN is missing. */
  valueOf(station: PageStation): number {
    return station[this.#shown][this.#lead]!;
  }

  select(station: PageStation): void {
    this.#station = station;
    this.#tell();
  }

  showLead(lead: number): void {
    this.#lead = lead;
    this.#tell();
  }

  show(shown: Shown): void {
    this.#shown = shown;
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

/** A value with two decimals, so that those of a column stand below each other. */
export function fixedText(value: number): string {
  if (Number.isNaN(value)) return "no value";
  const text = Math.abs(value).toFixed(2);
  return `${Number(text) === 0 ? "" : value < 0 ? "−" : "+"}${text}`;
}
