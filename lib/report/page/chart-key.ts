import type uPlot from "uplot";
import { rowsInWords } from "../spoken-dates.ts";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import type { Model, PageStation } from "./model.ts";
import { fixedText, withUnits } from "./numbers.ts";

/** What a chart's colours and signs mean, and the value that the pointer is at; without a pointer, the last observed one. */
export class ChartKey {
  readonly element: HTMLElement;
  readonly #reading: HTMLElement = el("span", { class: "reading" });
  readonly #textOf: (row: number) => string;
  readonly #last: number;

  /** @param observed - anomalies of the station, NaN where missing */
  constructor({ data, decimals }: Model, { forecast }: PageStation, observed: Float64Array, colours: Colours) {
    const times = [...data.history, ...data.leads];
    const values = [...observed, ...forecast];
    this.#textOf = (row) => {
      const what = row < data.history.length ? "observed" : "forecast";
      const value = withUnits(fixedText(values[row]!, decimals), Number.isNaN(values[row]!) ? "" : data.variable.units);
      return `${rowsInWords([times[row]!], data.weekly)}: ${value} ${what}`;
    };
    this.#last = observed.findLastIndex((value) => !Number.isNaN(value));
    const { of, limit, above, below } = colours;
    const swatch = (value: number) => el("span", { class: "swatch", style: `background:${of(value)}` });
    this.element = el(
      "div",
      { class: "chart-key" },
      el("span", {}, swatch(0.62 * limit), `observed, ${above}`),
      el("span", {}, swatch(-0.62 * limit), `observed, ${below}`),
      data.leads.length === 0 ? null : el("span", {}, el("span", { class: "ring-key" }), "forecast"),
      this.#reading,
    );
    this.show(null);
  }

  /** @param row - of the chart's columns; null where no pointer is over it */
  show(row: number | null): void {
    this.#reading.textContent = row === null ? `Latest, ${this.#textOf(this.#last)}` : this.#textOf(row);
  }

  /** For a chart's hooks. */
  readonly onCursor = ({ cursor: { idx } }: uPlot): void => this.show(idx ?? null);
}
