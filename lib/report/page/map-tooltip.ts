import { el } from "./element.ts";
import type { Point } from "./map-dots.ts";
import { nameOf, type PageStation } from "./model.ts";

/** The room that a tooltip takes beside its dot, at most, in pixels. */
const ROOM = 190;

/** The name and value of the station under the pointer, beside its dot. */
export class Tooltip {
  readonly element: HTMLElement = el("div", { class: "tooltip", hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  show(station: PageStation, value: string, { point: [x, y], mapWidth }: { point: Point; mapWidth: number }): void {
    this.element.hidden = false;
    this.element.replaceChildren(el("strong", {}, nameOf(station)), el("span", {}, value));
    const aside = x > mapWidth - ROOM ? "calc(-100% - 10px)" : "10px";
    this.element.style.transform = `translate(${x}px, ${y}px) translate(${aside}, -50%)`;
  }
}
