import type { GeoProjection } from "d3-geo";
import { unpackNumbers } from "../../../packed-numbers.ts";
import type { ForecastField } from "../../../run/records.ts";
import type { PageData } from "../../page-data.ts";
import type { Colours } from "../colours.ts";
import { el } from "../element.ts";
import type { Selection } from "../model.ts";

/** Of cells, so that stations stand out. */
const ALPHA = 0.6;

/** The forecast's own cells, filled with their colours: placed once for a projection, and drawn at any zoom. */
export class Field {
  readonly #projection: GeoProjection;
  readonly #field: ForecastField;
  readonly #lats: readonly number[];
  readonly #lons: readonly number[];
  #filled: { readonly of: string; readonly paths: ReadonlyMap<string, Path2D> } | undefined;

  constructor(projection: GeoProjection, field: ForecastField) {
    this.#projection = projection;
    this.#field = field;
    this.#lats = edgesOf(field.lat).map((lat) => Math.min(90, Math.max(-90, lat)));
    this.#lons = edgesOf(field.lon);
  }

  /** Draws the cells of a lead on the map of the whole region. */
  draw(context: CanvasRenderingContext2D, lead: number, colours: Colours): void {
    context.globalAlpha = ALPHA;
    for (const [fill, path] of this.#paths(lead, colours)) {
      context.fillStyle = fill;
      context.fill(path);
    }
    context.globalAlpha = 1;
  }

  /** All cells of a colour in one path. */
  #paths(lead: number, { of, limit }: Colours): ReadonlyMap<string, Path2D> {
    const key = [lead, limit, of(limit)].join(" ");
    if (this.#filled?.of === key) return this.#filled.paths;
    const paths = new Map<string, Path2D>();
    const { lon, step, leads } = this.#field;
    for (const [cell, code] of unpackNumbers(leads[lead] ?? "").entries()) {
      if (code === 0) continue;
      const colour = of((code > 0 ? code - 1 : code) * step);
      const path = paths.get(colour) ?? new Path2D();
      this.#addCell(path, Math.floor(cell / lon.length), cell % lon.length);
      paths.set(colour, path);
    }
    this.#filled = { of: key, paths };
    return paths;
  }

  #addCell(path: Path2D, row: number, column: number): void {
    const [west, east] = [this.#lons[column]!, this.#lons[column + 1]!];
    const [south, north] = [this.#lats[row]!, this.#lats[row + 1]!];
    // Where the map is cut, the sides of a cell are far apart.
    const fromCut = (lon: number) => (((lon + this.#projection.rotate()[0] + 180) % 360) + 360) % 360;
    if (fromCut(east) < fromCut(west)) return;
    const middle = (west + east) / 2;
    const corners: [number, number][] = [
      [west, south],
      [middle, south],
      [east, south],
      [east, north],
      [middle, north],
      [west, north],
    ];
    for (const [i, corner] of corners.entries()) {
      const [x, y] = this.#projection(corner) ?? [Number.NaN, Number.NaN];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    path.closePath();
  }
}

/** The sides of cells: in the middle of neighbours, and as far beyond the ends. */
function edgesOf(centres: readonly number[]): number[] {
  const [first = 0, second = 0] = centres;
  const [last = 0, beforeLast = 0] = centres.toReversed();
  const inner = centres.slice(1).map((centre, i) => (centre + centres[i]!) / 2);
  return [first - (second - first) / 2, ...inner, last + (last - beforeLast) / 2];
}

/** A box to tick for the cells, where the page has them. They have no percents from normal. */
export function makeLayer(
  { field }: Pick<PageData, "field">,
  onChange: () => void,
): { readonly parts: readonly HTMLElement[]; isOn(selection: Selection): boolean } {
  if (field === undefined) return { parts: [], isOn: () => false };
  const box = el("input", { type: "checkbox", onchange: onChange });
  const label = el("label", { class: "layer" }, box, "Forecast cells");
  return {
    parts: [label],
    isOn({ shown }) {
      label.hidden = shown === "percent";
      return box.checked && !label.hidden;
    },
  };
}
