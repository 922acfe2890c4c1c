import { zoomTransform } from "d3-zoom";
import type { Colours } from "../colours.ts";
import { el } from "../element.ts";
import { type Model, nameOf, type PageStation, type Selection, unitsShown, valueText } from "../model.ts";
import { onThemeChange } from "../theme.ts";
import { SCALE_ROOM, type Sheet } from "./base.ts";
import { makeLayer } from "./field.ts";
import { KEYS_HELP, onKeys } from "./keys.ts";
import { Labels } from "./labels.ts";
import { Marks, meanOf, shownOf } from "./marks.ts";
import { type Box, Places, type Point } from "./places.ts";
import { ScaleBar } from "./scale-bar.ts";
import { Sheets } from "./sheets.ts";
import { Tooltip } from "./tooltip.ts";
import { makeZoom } from "./zoom.ts";

/** The map of all stations, coloured by the forecast of the lead that is shown. */
export function makeMap(model: Model, selection: Selection, colours: () => Colours): HTMLElement {
  const { data, stations } = model;
  const canvas = makeCanvas(stations.length);
  const places = new Places(stations);
  const [marks, labels, scaleBar, tooltip] = [
    new Marks(stations, places),
    new Labels(stations, places),
    new ScaleBar(),
    new Tooltip(),
  ];
  const told = el("div", { class: "unseen", "aria-live": "polite" });
  const sheets = new Sheets(canvas, data, places);

  const draw = () => {
    const drawn = sheets.current();
    if (drawn === undefined) return;
    const { base, field, ...sheet } = drawn;
    base.draw(sheet, () => {
      if (field !== undefined && layer.isOn(selection)) field.draw(sheet.context, selection.lead, colours());
    });
    marks.draw(sheet, selection, colours());
    labels.draw(sheet, selection, { taken: takenOf(sheet), dots: marks.areDots(sheet) });
    scaleBar.show(sheet);
  };
  const redraw = oncePerFrame(draw);
  const layer = makeLayer(data, redraw);
  const zoom = makeZoom(canvas, () => {
    tooltip.hide();
    redraw();
  });
  const linesOf = (station: PageStation, sheet: Sheet): string[] => {
    const units = unitsShown(selection, data);
    const value = station.written ? valueText(selection.valueOf(station), units) : "not written";
    const others = marks.areDots(sheet) ? [] : shownOf(places.binOf(station, sheet.view).stations, selection);
    const mean = others.length > 1 ? [`mean of ${others.length}: ${valueText(meanOf(others, selection), units)}`] : [];
    return [nameOf(station), value, ...mean];
  };
  const tell = (station: PageStation | undefined) => {
    const sheet = sheets.current();
    if (station === undefined || sheet === undefined) return tooltip.hide();
    const at = sheet.view.apply([...places.pointOf(station)]);
    tooltip.show(linesOf(station, sheet), { at, mapWidth: sheet.width });
  };
  onPointer(canvas, (at) => places.nearest(at, zoomTransform(canvas)), {
    over(station) {
      canvas.classList.toggle("over", station !== undefined);
      tell(station);
    },
    click: (station) => selection.select(station),
  });
  onKeys(canvas, {
    stations: () => stations.filter((station) => selection.isShown(station)),
    places,
    zoom,
    selected: () => selection.station,
    select(station) {
      selection.select(station);
      tell(station);
      told.textContent = [nameOf(station), station.province, ...linesOf(station, sheets.current()!).slice(1)].join(
        ", ",
      );
    },
  });
  canvas.addEventListener("blur", () => tooltip.hide());
  let shown = selection.station;
  selection.onChange(() => {
    const { station } = selection;
    if (station !== undefined && station !== shown && sheets.current() !== undefined)
      zoom.reveal(places.pointOf(station));
    shown = station;
    redraw();
  });
  new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    if (width === 0) return;
    sheets.resize(width, height);
    zoom.resize(width, height);
    // At once, as a canvas of another size is empty.
    draw();
  }).observe(canvas);
  // At once: what is printed has no next frame.
  onThemeChange(draw);
  const help = el("p", { id: "map-keys", class: "unseen" }, KEYS_HELP);
  return el(
    "div",
    { class: "map-frame" },
    canvas,
    tooltip.element,
    scaleBar.element,
    ...zoom.parts,
    ...layer.parts,
    help,
    told,
  );
}

function makeCanvas(count: number): HTMLCanvasElement {
  const canvas = el("canvas", {
    class: "map",
    tabIndex: 0,
    "aria-label": `Map of ${count} stations, coloured by forecast anomaly. The search and the tables have the same values.`,
    "aria-describedby": "map-keys",
    "aria-roledescription": "map",
  });
  canvas.setAttribute("role", "application");
  return canvas;
}

/** Where buttons, scale bar and the degrees along the edges are. */
function takenOf({ width, height }: Sheet): Box[] {
  return [
    { left: 0, right: 170, top: 0, bottom: 40 },
    { left: width - 50, right: width, top: 0, bottom: 125 },
    { left: width - SCALE_ROOM, right: width, top: height - 40, bottom: height },
    { left: 0, right: width, top: height - 18, bottom: height },
    { left: 0, right: 36, top: 0, bottom: height },
  ];
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
  nearest: (point: Point) => PageStation | undefined,
  calls: { over(station: PageStation | undefined): void; click(station: PageStation): void },
): void {
  const stationAt = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return nearest([clientX - left, clientY - top]);
  };
  canvas.addEventListener("mousemove", (event) => calls.over(stationAt(event)));
  canvas.addEventListener("mouseleave", () => calls.over(undefined));
  // The focus makes it the map's wheel.
  canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
  canvas.addEventListener("click", (event) => {
    const station = stationAt(event);
    if (station !== undefined) calls.click(station);
  });
}
