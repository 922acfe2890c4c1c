import { el } from "../element.ts";
import type { Point } from "./places.ts";

/** The room that a tooltip takes beside its dot, at most, in pixels. */
const ROOM = 190;

/** Some lines about the station under the pointer, beside its dot. */
export class Tooltip {
  readonly element: HTMLElement = el("div", { class: "tooltip", hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  show([title, ...lines]: readonly string[], { at: [x, y], mapWidth }: { at: Point; mapWidth: number }): void {
    this.element.hidden = false;
    this.element.replaceChildren(el("strong", {}, title ?? ""), ...lines.map((line) => el("span", {}, line)));
    const aside = x > mapWidth - ROOM ? "calc(-100% - 10px)" : "10px";
    this.element.style.transform = `translate(${x}px, ${y}px) translate(${aside}, -50%)`;
  }
}
