import { zoomTransform } from "d3-zoom";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import { drawBase } from "./map-base.ts";
import { Dots } from "./map-dots.ts";
import { Tooltip } from "./map-tooltip.ts";
import { makeZoom } from "./map-zoom.ts";
import { type Model, type PageStation, type Selection, unitsShown, valueText } from "./model.ts";
import { projectionFor } from "./projection.ts";
import { onThemeChange } from "./theme.ts";

/** The map of all stations, coloured by the forecast of the lead that is shown. */
export function makeMap({ data, stations }: Model, selection: Selection, colours: () => Colours): HTMLElement {
  const canvas = el("canvas", {
    class: "map",
    "aria-label": `Map of ${stations.length} stations, coloured by forecast anomaly. The search and the tables have the same values.`,
  });
  canvas.setAttribute("role", "img");
  const context = canvas.getContext("2d")!;
  const dots = new Dots(stations);
  const tooltip = new Tooltip();

  const redraw = oncePerFrame(() => {
    const { width, height } = canvas.getBoundingClientRect();
    if (width === 0) return;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const projection = projectionFor(data.region, width, height);
    const [x, y] = projection.translate();
    const view = zoomTransform(canvas);
    projection.scale(projection.scale() * view.k).translate([x * view.k + view.x, y * view.k + view.y]);
    drawBase({ context, projection, width, height }, data);
    dots.place(projection, radiusAt(view.k, stations.length, width));
    dots.draw(context, selection, colours());
  });

  const zoomButtons = makeZoom(canvas, () => {
    tooltip.hide();
    redraw();
  });
  const valueOf = (station: PageStation) =>
    station.written ? valueText(selection.valueOf(station), unitsShown(selection, data)) : "not written";
  onPointer(canvas, dots, {
    over(station) {
      canvas.classList.toggle("over", station !== undefined);
      if (station === undefined) tooltip.hide();
      else tooltip.show(station, valueOf(station), { point: dots.pointOf(station), mapWidth: canvas.clientWidth });
    },
    leave: () => tooltip.hide(),
    click: (station) => selection.select(station),
  });
  new ResizeObserver(redraw).observe(canvas);
  selection.onChange(redraw);
  onThemeChange(redraw);
  return el("div", { class: "map-frame" }, canvas, tooltip.element, zoomButtons);
}

/** Draws in the next frame, once, however often it is asked for until then. */
function oncePerFrame(draw: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
}

/** Calls back with the station that a mouse is over, if any, and with the one that is clicked. */
function onPointer(
  canvas: HTMLCanvasElement,
  dots: Dots,
  calls: { over(station: PageStation | undefined): void; leave(): void; click(station: PageStation): void },
): void {
  const stationAt = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return dots.nearest([clientX - left, clientY - top]);
  };
  canvas.addEventListener("mousemove", (event) => calls.over(stationAt(event)));
  canvas.addEventListener("mouseleave", () => calls.leave());
  canvas.addEventListener("click", (event) => {
    const station = stationAt(event);
    if (station !== undefined) calls.click(station);
  });
}

/** Large enough to see, small enough to tell neighbours apart; dots grow as the map does, but less. */
function radiusAt(zoomed: number, count: number, width: number): number {
  const room = width / Math.sqrt(Math.max(count, 50));
  return Math.min(7, Math.max(1.6, room * 0.2) * zoomed ** 0.35);
}
