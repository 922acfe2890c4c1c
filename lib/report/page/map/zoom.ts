import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import { el } from "../element.ts";
import type { Point } from "./places.ts";

const MOST_ZOOM = 40;
/** Of one click on a button, and of a key. */
const ZOOM_STEP = 1.6;
/** A wheel turns by more at once than two fingers on a touchpad do, which come as a wheel with Ctrl. */
const WHEEL_DELTA = 40;
const HINT_MS = 2000;

/** What zooms and moves a map; where it is then, d3's `zoomTransform` of the canvas tells. */
export interface Zoom {
  /** Buttons, and a hint that is shown where a wheel scrolls the page. */
  readonly parts: readonly HTMLElement[];
  in(): void;
  out(): void;
  all(): void;
  /** Tells of the map's size, in pixels; what was in its middle stays there. */
  resize(width: number, height: number): void;
  /** Moves the map so that a point of the map of the whole region is in its middle, where that is not to be seen. */
  reveal(point: Point): void;
}

/** Lets a wheel, a drag and two fingers zoom and move a map. */
export function makeZoom(canvas: HTMLCanvasElement, onZoom: () => void): Zoom {
  const hint = makeHint();
  const zooming = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, MOST_ZOOM])
    // One finger scrolls the page, which has more below the map; two move the map. So does a wheel, but on an active map.
    .filter((event: MouseEvent | TouchEvent) => {
      if ("touches" in event) return event.touches.length > 1;
      if (event.type !== "wheel") return !event.ctrlKey && event.button === 0;
      const zooms = event.ctrlKey || event.metaKey || document.activeElement === canvas;
      if (!zooms) hint.show();
      return zooms;
    })
    .wheelDelta(({ deltaY, deltaMode, ctrlKey }) => {
      const isFingers = ctrlKey && deltaMode === 0 && Math.abs(deltaY) < WHEEL_DELTA;
      return -deltaY * (deltaMode === 1 ? 0.05 : deltaMode === 2 ? 1 : 0.002) * (isFingers ? 10 : 1);
    })
    .on("zoom", onZoom);
  const target = select(canvas);
  target.call(zooming);
  // Two clicks are two stations, not a zoom.
  target.on("dblclick.zoom", null);
  let [width, height] = [0, 0];
  const moves = {
    in: () => zooming.scaleBy(target, ZOOM_STEP),
    out: () => zooming.scaleBy(target, 1 / ZOOM_STEP),
    all: () => zooming.transform(target, zoomIdentity),
  };
  return {
    parts: [zoomButtons(moves), hint.element],
    ...moves,
    resize(newWidth, newHeight) {
      const [x, y] = zoomTransform(canvas).invert([width / 2, height / 2]);
      const extent: [[number, number], [number, number]] = [
        [0, 0],
        [newWidth, newHeight],
      ];
      zooming.extent(extent).translateExtent(extent);
      if (width > 0) zooming.translateTo(target, (x * newWidth) / width, (y * newHeight) / height);
      [width, height] = [newWidth, newHeight];
    },
    reveal([x, y]) {
      const [left, top] = zoomTransform(canvas).apply([x, y]);
      const isSeen = left > 0 && top > 0 && left < width && top < height;
      if (!isSeen) zooming.translateTo(target, x, y);
    },
  };
}

function zoomButtons(moves: Pick<Zoom, "in" | "out" | "all">): HTMLElement {
  const button = (label: string, title: string, onclick: () => void) =>
    el("button", { type: "button", title, "aria-label": title, onclick }, label);
  return el(
    "div",
    { class: "zoom" },
    button("+", "Zoom in", moves.in),
    button("−", "Zoom out", moves.out),
    button("⤢", "Show all", moves.all),
  );
}

/** Says for a while how a wheel zooms. */
function makeHint(): { readonly element: HTMLElement; show(): void } {
  const element = el("div", { class: "map-hint", hidden: true }, "Click the map or hold Ctrl to zoom with the wheel");
  let hiding: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    show() {
      element.hidden = false;
      clearTimeout(hiding);
      hiding = setTimeout(() => (element.hidden = true), HINT_MS);
    },
  };
}
