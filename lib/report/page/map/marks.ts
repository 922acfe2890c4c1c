import type { Colours } from "../colours.ts";
import type { PageStation, Selection } from "../model.ts";
import { colour } from "../theme.ts";
import type { Sheet } from "./base.ts";
import type { Places, Point } from "./places.ts";

/** More dots than these would hide each other, and take long to draw: squares show the means of those within. */
const MOST_DOTS = 3000;

/** How much is seen of a station that province or text leave out. */
const HIDDEN = 0.15;

/** What stations are drawn as: a dot each, or squares of many. */
export class Marks {
  readonly #stations: readonly PageStation[];
  readonly #places: Places;

  constructor(stations: readonly PageStation[], places: Places) {
    this.#stations = stations;
    this.#places = places;
  }

  /** Whether stations are drawn as dots. */
  areDots({ view, ...sheet }: Sheet): boolean {
    if (this.#stations.length <= MOST_DOTS) return true;
    const isSeen = (station: PageStation) => isInside(view.apply([...this.#places.pointOf(station)]), sheet, 0);
    return this.#stations.filter(isSeen).length <= MOST_DOTS;
  }

  /** Draws all, and a ring round the selected station. */
  draw(sheet: Sheet, selection: Selection, colours: Colours): void {
    const { context, view } = sheet;
    const radius = radiusAt(view.k, this.#stations.length, sheet.width);
    if (this.areDots(sheet)) this.#drawDots(sheet, selection, { colours, radius });
    else this.#drawSquares(sheet, selection, colours);
    if (selection.station === undefined) return;
    context.lineWidth = 2;
    context.strokeStyle = colour("--text");
    circle(context, view.apply([...this.#places.pointOf(selection.station)]), radius + 3);
    context.stroke();
  }

  #drawDots(
    { context, view, ...sheet }: Sheet,
    selection: Selection,
    { colours, radius }: { colours: Colours; radius: number },
  ): void {
    context.lineWidth = 0.6;
    const [edge, missing] = [colour("--dot-edge"), colour("--missing")];
    for (const { station, value } of this.#byStrength(selection)) {
      const point = view.apply([...this.#places.pointOf(station)]);
      if (!isInside(point, sheet, radius)) continue;
      context.globalAlpha = selection.isShown(station) ? 1 : HIDDEN;
      circle(context, point, radius);
      if (Number.isNaN(value)) context.strokeStyle = missing;
      else {
        context.fillStyle = colours.of(value);
        context.fill();
        context.strokeStyle = edge;
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #drawSquares({ context, view, ...sheet }: Sheet, selection: Selection, colours: Colours): void {
    const side = this.#places.binSize(view) * view.k;
    context.lineWidth = 1;
    context.strokeStyle = colour("--missing");
    for (const { middle, stations } of this.#places.bins(view)) {
      const [x, y] = view.apply([...middle]);
      if (!isInside([x, y], sheet, side)) continue;
      const value = meanOf(shownOf(stations, selection), selection);
      context.globalAlpha = stations.some((station) => selection.isShown(station)) ? 1 : HIDDEN;
      if (Number.isNaN(value)) context.strokeRect(x - side / 2 + 1, y - side / 2 + 1, side - 2, side - 2);
      else {
        context.fillStyle = colours.of(value);
        // Half a pixel more, so that neighbours have no gap.
        context.fillRect(x - side / 2, y - side / 2, side + 0.5, side + 0.5);
      }
    }
    context.globalAlpha = 1;
  }

  /** Weak anomalies first, so that strong ones are not hidden; what is missing last, as it must be seen. */
  #byStrength(selection: Selection): { station: PageStation; value: number }[] {
    const strength = ({ value }: { value: number }) => (Number.isNaN(value) ? Infinity : Math.abs(value));
    return this.#stations
      .map((station) => ({ station, value: station.written ? selection.valueOf(station) : Number.NaN }))
      .sort((a, b) => strength(a) - strength(b));
  }
}

/** Those of a square that province and text leave in; all where they leave none, as the square is then hardly seen. */
export function shownOf(stations: readonly PageStation[], selection: Selection): readonly PageStation[] {
  const shown = stations.filter((station) => selection.isShown(station));
  return shown.length === 0 ? stations : shown;
}

/** The mean of what the map shows of stations; NaN where none of them has a value. */
export function meanOf(stations: readonly PageStation[], selection: Selection): number {
  let [sum, count] = [0, 0];
  for (const station of stations) {
    const value = station.written ? selection.valueOf(station) : Number.NaN;
    if (!Number.isNaN(value)) [sum, count] = [sum + value, count + 1];
  }
  return sum / count;
}

function isInside([x, y]: Point, { width, height }: Pick<Sheet, "width" | "height">, margin: number): boolean {
  return x > -margin && y > -margin && x < width + margin && y < height + margin;
}

function circle(context: CanvasRenderingContext2D, [x, y]: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** Large enough to see, small enough to tell neighbours apart; dots grow as the map does, but less. */
function radiusAt(zoomed: number, count: number, width: number): number {
  const room = width / Math.sqrt(Math.max(count, 50));
  return Math.min(7, Math.max(1.6, room * 0.2) * zoomed ** 0.35);
}
