import { geoDistance } from "d3-geo";
import { el } from "../element.ts";
import { placeAt, type Sheet } from "./base.ts";

const EARTH_KM = 6371;
const MOST_PIXELS = 110;

/** A bar of a round number of kilometres, as they are in the middle of the map. */
export class ScaleBar {
  readonly #bar = el("div", {});
  readonly #text = el("span", {});
  readonly element: HTMLElement = el("div", { class: "scale-bar", hidden: true }, this.#text, this.#bar);

  show(sheet: Sheet): void {
    const km = kilometres(sheet);
    this.element.hidden = km === undefined;
    if (km === undefined) return;
    const round = roundBelow(km);
    this.#text.textContent = `${round.toLocaleString("en")} km`;
    this.#bar.style.width = `${(MOST_PIXELS * round) / km}px`;
  }
}

/** Of the longest bar; undefined where the middle of the map is not on the globe. */
function kilometres(sheet: Sheet): number | undefined {
  const [x, y] = [sheet.width / 2, sheet.height / 2];
  // From so near to the middle that the map is straight, even one of the globe.
  const [left, right] = [placeAt(sheet, [x - 1, y]), placeAt(sheet, [x + 1, y])];
  if (left === undefined || right === undefined) return undefined;
  return (geoDistance(left, right) * EARTH_KM * MOST_PIXELS) / 2;
}

/** The greatest of 1, 2 and 5 times a power of ten that is not above a number. */
function roundBelow(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].find((digit) => digit * power <= most)! * power;
}
