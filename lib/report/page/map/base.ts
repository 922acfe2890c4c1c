import { type GeoPermissibleObjects, type GeoProjection, geoGraticule, geoPath } from "d3-geo";
import type { ZoomTransform } from "d3-zoom";
import { widthOf } from "../../../stations/region.ts";
import { ringPoints } from "../../packed-ring.ts";
import type { PageData } from "../../page-data.ts";
import { colour } from "../theme.ts";

/** What a map is drawn on; width and height in pixels of the page. */
export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Of a map that shows the whole region. */
  readonly projection: GeoProjection;
  /** The part of that map that is zoomed to. */
  readonly view: ZoomTransform;
}

/** Degrees between meridians and parallels, and how many pixels they are apart at least. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30];
const LEAST_APART = 70;
/** Pixels at the right that the scale bar takes. */
export const SCALE_ROOM = 150;
/** Pixels from point to point of an edge that is searched for lines to be labelled. */
const SEARCH_STEP = 3;

/** Sea and land, coast, meridians and parallels: lines are made once for a projection, and drawn at any zoom. */
export class Base {
  readonly #projection: GeoProjection;
  readonly #sphere: Path2D;
  readonly #land: Path2D;
  readonly #around: [[number, number], [number, number]];
  readonly #graticules = new Map<string, Path2D>();

  constructor(projection: GeoProjection, { coast, region }: Pick<PageData, "coast" | "region">) {
    this.#projection = projection;
    this.#around = around(region);
    this.#sphere = this.#path({ type: "Sphere" });
    const coordinates = coast.map((rings) => rings.map(ringPoints));
    this.#land = this.#path({ type: "MultiPolygon", coordinates });
  }

  /** @param onLand - draws what is to be on sea and land, and under their lines, as the map of the whole region */
  draw(sheet: Sheet, onLand: () => void): void {
    const { context, width, height, view } = sheet;
    const steps = stepsAt(sheet);
    context.fillStyle = colour("--panel");
    context.fillRect(0, 0, width, height);
    context.save();
    context.translate(view.x, view.y);
    context.scale(view.k, view.k);
    context.fillStyle = colour("--sea");
    context.fill(this.#sphere);
    context.fillStyle = colour("--land");
    context.fill(this.#land);
    onLand();
    context.strokeStyle = colour("--coast");
    context.lineWidth = 0.8 / view.k;
    context.stroke(this.#land);
    context.strokeStyle = colour("--graticule");
    context.lineWidth = 0.6 / view.k;
    context.stroke(this.#graticule(steps));
    context.strokeStyle = colour("--coast");
    context.stroke(this.#sphere);
    context.restore();
    labelGraticule(sheet, steps);
  }

  #graticule(steps: [lon: number, lat: number]): Path2D {
    const made = this.#graticules.get(steps.join());
    if (made !== undefined) return made;
    const path = this.#path(geoGraticule().extent(this.#around).step(steps)());
    this.#graticules.set(steps.join(), path);
    return path;
  }

  #path(object: GeoPermissibleObjects): Path2D {
    return new Path2D(geoPath(this.#projection)(object) ?? "");
  }
}

/** More than a map of a region shows: fine meridians all round the globe would be too many. */
function around({ west, east, south, north }: PageData["region"]): [[number, number], [number, number]] {
  const span = widthOf({ west, east });
  const beside = Math.min(Math.max(60, span), (360 - span) / 2);
  const above = Math.max(30, north - south);
  return [
    [west - beside, Math.max(-90, south - above)],
    [west + span + beside, Math.min(90, north + above)],
  ];
}

/** Degrees from meridian to meridian, and from parallel to parallel, as there is room for them in the middle of the sheet. */
function stepsAt(sheet: Sheet): [lon: number, lat: number] {
  const { projection, view, width, height } = sheet;
  const [, lat = 0] = placeAt(sheet, [width / 2, height / 2]) ?? [];
  const pixels = (projection.scale() * view.k * Math.PI) / 180;
  const step = (degree: number) => STEPS.find((least) => least * degree >= LEAST_APART) ?? STEPS.at(-1)!;
  return [step(pixels * Math.cos((lat * Math.PI) / 180)), step(pixels)];
}

/** Labels meridians where they meet the lower edge, and parallels at the left. */
function labelGraticule(sheet: Sheet, [lonStep, latStep]: [number, number]): void {
  const { context, width, height } = sheet;
  context.fillStyle = colour("--faint");
  context.font = "11px system-ui, sans-serif";
  for (const [x, lon] of crossings((at) => placeAt(sheet, [at, height - 1])?.[0], width, lonStep)) {
    if (x > 20 && x < width - SCALE_ROOM) context.fillText(degreesText(lon, "E", "W"), x + 3, height - 6);
  }
  for (const [y, lat] of crossings((at) => placeAt(sheet, [1, at])?.[1], height, latStep)) {
    if (y > 20 && y < height - 24) context.fillText(degreesText(lat, "N", "S"), 5, y - 3);
  }
}

/** Where an edge meets lines: pixels along it, and degrees of the line. */
function crossings(degreesAt: (at: number) => number | undefined, length: number, step: number): [number, number][] {
  const found: [number, number][] = [];
  let last = degreesAt(0);
  for (let at = SEARCH_STEP; at <= length; at += SEARCH_STEP) {
    const degrees = degreesAt(at);
    if (last !== undefined && degrees !== undefined && Math.abs(degrees - last) < step) {
      const line = Math.max(Math.floor(last / step), Math.floor(degrees / step));
      if (line !== Math.min(Math.floor(last / step), Math.floor(degrees / step))) found.push([at, line * step]);
    }
    last = degrees;
  }
  return found;
}

/** The place on the globe that is drawn at a point of the sheet; undefined where none is. */
export function placeAt({ projection, view }: Sheet, point: [number, number]): [lon: number, lat: number] | undefined {
  const [x, y] = view.invert(point);
  const place = projection.invert!([x, y]);
  // Beyond the globe's edge it has another one.
  const again = place && projection(place);
  return again && Math.hypot(again[0] - x, again[1] - y) < 1e-3 ? place : undefined;
}

function degreesText(degrees: number, positive: string, negative: string): string {
  const size = Number(Math.abs(degrees).toFixed(1));
  return `${size}°${size === 0 || size === 180 ? "" : degrees > 0 ? positive : negative}`;
}
