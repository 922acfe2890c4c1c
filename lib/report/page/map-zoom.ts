import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { el } from "./element.ts";

const MOST_ZOOM = 40;
/** Of one click on a button. */
const ZOOM_STEP = 1.6;

/**
 * Lets a wheel, a drag and two fingers zoom and move a map; where it is then, d3's `zoomTransform` of the canvas tells.
 *
 * @returns buttons that zoom as well
 */
export function makeZoom(canvas: HTMLCanvasElement, onZoom: () => void): HTMLElement {
  const zooming = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, MOST_ZOOM])
    // One finger scrolls the page, which has more below the map; two move the map.
    .filter((event: MouseEvent | TouchEvent) => {
      if ("touches" in event) return event.touches.length > 1;
      return (!event.ctrlKey || event.type === "wheel") && event.button === 0;
    })
    .on("zoom", onZoom);
  const target = select(canvas);
  target.call(zooming);
  // Two clicks are two stations, not a zoom.
  target.on("dblclick.zoom", null);
  new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    const extent: [[number, number], [number, number]] = [
      [0, 0],
      [width, height],
    ];
    zooming.extent(extent).translateExtent(extent);
  }).observe(canvas);

  const button = (label: string, title: string, onclick: () => void) =>
    el("button", { type: "button", title, "aria-label": title, onclick }, label);
  return el(
    "div",
    { class: "zoom" },
    button("+", "Zoom in", () => zooming.scaleBy(target, ZOOM_STEP)),
    button("−", "Zoom out", () => zooming.scaleBy(target, 1 / ZOOM_STEP)),
    button("⤢", "Show all", () => zooming.transform(target, zoomIdentity)),
  );
}
