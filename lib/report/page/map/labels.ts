import { minIndex } from "d3-array";
import { geoCentroid, geoDistance } from "d3-geo";
import type { PageStation, Selection } from "../model.ts";
import { colour } from "../theme.ts";
import type { Sheet } from "./base.ts";
import type { Box, Places, Point } from "./places.ts";

/** Names of stations at once, and how many stations are tried. */
const [MOST_NAMED, MOST_TRIED] = [30, 400];
/** Zoomed in farther, a province is larger than the map. */
const PROVINCES_TO = 12;
const HEIGHT = 14;
/** Pixels from a dot's middle to its name. */
const BESIDE = 9;
const FONTS = { province: "600 12px system-ui, sans-serif", station: "11.5px system-ui, sans-serif" } as const;
/** Where the middle of a name may be, from its place: pixels, and widths of half a name. */
const SPOTS: Readonly<Record<keyof typeof FONTS, readonly { x: number; y: number; halves: number }[]>> = {
  province: [0, -HEIGHT, HEIGHT, -2 * HEIGHT, 2 * HEIGHT].map((y) => ({ x: 0, y, halves: 0 })),
  station: [
    { x: BESIDE, y: 0, halves: 1 },
    { x: -BESIDE, y: 0, halves: -1 },
    { x: 0, y: -BESIDE - 4, halves: 0 },
    { x: 0, y: BESIDE + 4, halves: 0 },
  ],
};

interface Label {
  readonly text: string;
  readonly kind: keyof typeof FONTS;
  /** On the zoomed map. */
  readonly at: Point;
}

/** Names on the map: of provinces, then of stations, the strongest anomalies first, where they hide neither names nor dots. */
export class Labels {
  readonly #stations: readonly PageStation[];
  readonly #places: Places;
  readonly #provinces: readonly { readonly name: string; readonly middle: PageStation }[];
  readonly #widths = new Map<string, number>();

  constructor(stations: readonly PageStation[], places: Places) {
    this.#stations = stations;
    this.#places = places;
    this.#provinces = [...Map.groupBy(stations, ({ province }) => province)]
      .filter(([name]) => name !== "")
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([name, within]) => ({ name, middle: middleOf(within) }));
  }

  /**
   * @param taken - where something else stands
   * @param dots - whether stations are drawn as dots: squares of many have no names
   */
  draw(sheet: Sheet, selection: Selection, { taken, dots }: { taken: readonly Box[]; dots: boolean }): void {
    const { context, view } = sheet;
    const boxes = [...taken];
    context.save();
    Object.assign(context, { lineJoin: "round", lineWidth: 3, textBaseline: "middle", textAlign: "center" });
    context.strokeStyle = colour("--halo");
    if (selection.station !== undefined) this.#draw(sheet, this.#labelOf(selection.station, sheet), boxes, true);
    if (view.k <= PROVINCES_TO) {
      for (const { name: text, middle } of this.#provinces) {
        const at = view.apply([...this.#places.pointOf(middle)]);
        this.#draw(sheet, { text, kind: "province", at }, boxes, true);
      }
    }
    if (dots) this.#drawStations(sheet, selection, boxes);
    context.restore();
  }

  #drawStations(sheet: Sheet, selection: Selection, boxes: Box[]): void {
    const strength = (station: PageStation) => (station.written && Math.abs(selection.valueOf(station))) || 0;
    const labels = this.#stations
      .filter((station) => station !== selection.station && selection.isShown(station))
      .map((station) => ({ ...this.#labelOf(station, sheet), strength: strength(station) }))
      .filter(({ at: [x, y] }) => x > 0 && y > 0 && x < sheet.width && y < sheet.height)
      .sort((a, b) => b.strength - a.strength);
    let named = 0;
    for (const label of labels.slice(0, MOST_TRIED)) {
      if (this.#draw(sheet, label, boxes, false)) named++;
      if (named === MOST_NAMED) return;
    }
  }

  #labelOf(station: PageStation, { view }: Sheet): Label {
    const at = view.apply([...this.#places.pointOf(station)]);
    return { text: station.name === "" ? station.id : station.name, kind: "station", at };
  }

  /** Draws a label where there is room. @param mayHide - whether it may hide dots where it must */
  #draw({ context, view, width, height }: Sheet, { text, kind, at }: Label, boxes: Box[], mayHide: boolean): boolean {
    const half = this.#width(context, text, kind) / 2;
    const free = SPOTS[kind]
      .map(({ x, y, halves }): Point => [at[0] + x + halves * half, at[1] + y])
      .map(([x, y]): Box => ({ left: x - half, right: x + half, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 }))
      .filter(({ left, right, top, bottom }) => left > 2 && top > 2 && right < width - 2 && bottom < height - 2)
      .filter((box) => !boxes.some((other) => overlap(box, other)));
    const box = free.find((spot) => !this.#places.someIn(spot, view)) ?? (mayHide ? free[0] : undefined);
    if (box === undefined) return false;
    boxes.push(box);
    context.font = FONTS[kind];
    context.fillStyle = colour(kind === "province" ? "--faint" : "--text");
    const middle: Point = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    context.strokeText(text, ...middle);
    context.fillText(text, ...middle);
    return true;
  }

  #width(context: CanvasRenderingContext2D, text: string, kind: keyof typeof FONTS): number {
    const known = this.#widths.get(`${kind} ${text}`);
    if (known !== undefined) return known;
    context.font = FONTS[kind];
    const { width } = context.measureText(text);
    this.#widths.set(`${kind} ${text}`, width);
    return width;
  }
}

/** The station in the middle of others. */
function middleOf(stations: readonly PageStation[]): PageStation {
  const points = stations.map(({ lon, lat }): [number, number] => [lon, lat]);
  const middle = geoCentroid({ type: "MultiPoint", coordinates: points });
  return stations[minIndex(points, (point) => geoDistance(point, middle))]!;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
