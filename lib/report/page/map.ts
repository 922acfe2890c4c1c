import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import type { Colours } from "./colours.ts";
import { el } from "./element.ts";
import { drawBase } from "./map-drawing.ts";
import { type Model, nameOf, type PageStation, type Selection, valueText } from "./model.ts";
import { projectionFor } from "./projection.ts";
import { colour, onThemeChange } from "./theme.ts";

/** How near to a station a pointer is to be, in pixels. */
const REACH = 14;
const MOST_ZOOM = 40;

/** The map of all stations, coloured by the forecast of the lead that is shown. */
export function makeMap({ data, stations }: Model, selection: Selection, colours: () => Colours): HTMLElement {
  const { units } = data.variable;
  const canvas = el("canvas", {
    class: "map",
    "aria-label": `Map of ${stations.length} stations, coloured by forecast anomaly. The search and the tables have the same values.`,
  });
  canvas.setAttribute("role", "img");
  const tooltip = el("div", { class: "tooltip", hidden: true });
  const frame = el("div", { class: "map-frame" }, canvas, tooltip);
  const context = canvas.getContext("2d")!;
  let view: ZoomTransform = zoomIdentity;
  let places: (readonly [x: number, y: number])[] = [];
  let waiting = false;

  function draw(): void {
    waiting = false;
    const { width, height } = canvas.getBoundingClientRect();
    if (width === 0) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const projection = projectionFor(data.region, width, height);
    const [x, y] = projection.translate();
    projection.scale(projection.scale() * view.k).translate([x * view.k + view.x, y * view.k + view.y]);
    drawBase(context, projection, data);
    places = stations.map(({ lon, lat }) => projection([lon, lat]) ?? [Number.NaN, Number.NaN]);
    drawStations(radiusAt(view.k, stations.length, width));
  }

  function drawStations(radius: number): void {
    const scale = colours();
    context.lineWidth = 0.6;
    // Weak anomalies first, so that strong ones are not hidden; what is missing last, as it must be seen.
    const strength = ({ forecast, written }: PageStation) =>
      written && !Number.isNaN(forecast[selection.lead]) ? Math.abs(forecast[selection.lead]!) : Infinity;
    for (const station of stations.toSorted((a, b) => strength(a) - strength(b))) {
      const value = station.forecast[selection.lead]!;
      circle(station, radius);
      if (station.written && !Number.isNaN(value)) {
        context.fillStyle = scale.of(value);
        context.fill();
        context.strokeStyle = colour("--dot-edge");
      } else {
        context.strokeStyle = colour("--missing");
      }
      context.stroke();
    }
    if (selection.station === undefined) return;
    context.lineWidth = 2;
    context.strokeStyle = colour("--text");
    circle(selection.station, radius + 3);
    context.stroke();
  }

  function circle({ position }: PageStation, radius: number): void {
    const [x, y] = places[position]!;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }

  function redraw(): void {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
  }

  function nearest(event: MouseEvent): PageStation | undefined {
    const { left, top } = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    let best: PageStation | undefined;
    let least = REACH;
    for (const station of stations) {
      const [px, py] = places[station.position]!;
      const distance = Math.hypot(px - x, py - y);
      if (distance < least) [best, least] = [station, distance];
    }
    return best;
  }

  const zooming = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, MOST_ZOOM])
    // One finger scrolls the page, which has more below the map; two move the map.
    .filter((event: MouseEvent | TouchEvent) => {
      if ("touches" in event) return event.touches.length > 1;
      return (!event.ctrlKey || event.type === "wheel") && event.button === 0;
    })
    .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      view = event.transform;
      tooltip.hidden = true;
      redraw();
    });
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
    redraw();
  }).observe(canvas);
  canvas.addEventListener("mousemove", (event) => {
    const station = nearest(event);
    tooltip.hidden = station === undefined;
    canvas.classList.toggle("over", station !== undefined);
    if (station === undefined) return;
    const value = station.written ? valueText(station.forecast[selection.lead]!, units) : "not written";
    tooltip.replaceChildren(el("strong", {}, nameOf(station)), el("span", {}, value));
    const [x, y] = places[station.position]!;
    const right = x > canvas.clientWidth - 190;
    tooltip.style.transform = `translate(${x}px, ${y}px) translate(${right ? "calc(-100% - 10px)" : "10px"}, -50%)`;
  });
  canvas.addEventListener("mouseleave", () => (tooltip.hidden = true));
  canvas.addEventListener("click", (event) => {
    const station = nearest(event);
    if (station !== undefined) selection.select(station);
  });
  selection.onChange(redraw);
  onThemeChange(redraw);

  const by = (factor: number) => () => zooming.scaleBy(target, factor);
  const button = (label: string, title: string, onclick: () => void) =>
    el("button", { type: "button", title, "aria-label": title, onclick }, label);
  frame.append(
    el(
      "div",
      { class: "zoom" },
      button("+", "Zoom in", by(1.6)),
      button("−", "Zoom out", by(1 / 1.6)),
      button("⤢", "Show all", () => zooming.transform(target, zoomIdentity)),
    ),
  );
  return frame;
}

/** Large enough to see, small enough to tell neighbours apart; they grow as the map does, but less. */
function radiusAt(zoomed: number, count: number, width: number): number {
  const room = width / Math.sqrt(Math.max(count, 50));
  return Math.min(7, Math.max(1.6, room * 0.2) * zoomed ** 0.35);
}
