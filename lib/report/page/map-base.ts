import type { GeoProjection } from "d3-geo";
import { COAST_UNITS } from "../coast.ts";
import type { PageData } from "../page-data.ts";
import { colour } from "./theme.ts";

/** What a map is drawn on; width and height in pixels of the page. */
interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly projection: GeoProjection;
  readonly width: number;
  readonly height: number;
}

type LonLat = [lon: number, lat: number];

/** Points of a meridian or parallel: close enough for the map of an island. */
const LINE_POINTS = 500;

/** Draws sea and land, its coast, and some meridians and parallels. */
export function drawBase(sheet: Sheet, { coast, region }: Pick<PageData, "coast" | "region">): void {
  const { context, width, height } = sheet;
  context.fillStyle = colour("--sea");
  context.fillRect(0, 0, width, height);
  drawLand(sheet, coast);
  drawGraticule(sheet, region);
}

function drawLand({ context, projection }: Sheet, coast: PageData["coast"]): void {
  context.beginPath();
  for (const ring of coast) {
    let [lon, lat] = [0, 0];
    for (let i = 0; i < ring.length; i += 2) {
      lon += ring[i]!;
      lat += ring[i + 1]!;
      const point = projection([lon / COAST_UNITS, lat / COAST_UNITS]);
      if (point === null) continue;
      if (i === 0) context.moveTo(...point);
      else context.lineTo(...point);
    }
    context.closePath();
  }
  context.fillStyle = colour("--land");
  context.fill("evenodd");
  context.strokeStyle = colour("--coast");
  context.lineWidth = 0.8;
  context.stroke();
}

/** Draws meridians and parallels, labelled at the bottom and at the left, also of what lies around the region. */
function drawGraticule(sheet: Sheet, { west, east, south, north }: PageData["region"]): void {
  const { context, width, height } = sheet;
  const span = east > west ? east - west : east - west + 360;
  const step = span > 150 ? 30 : span > 40 ? 10 : span > 15 ? 5 : 2;
  context.strokeStyle = colour("--graticule");
  context.fillStyle = colour("--faint");
  context.lineWidth = 0.6;
  context.font = "11px system-ui, sans-serif";
  const [low, high] = [Math.max(-90, south - 30), Math.min(90, north + 30)];
  for (let lon = Math.ceil((west - 60) / step) * step; lon <= west + span + 60; lon += step) {
    const inside = drawLine(sheet, (part) => [lon, low + (high - low) * part]);
    const lowest = inside.toSorted((a, b) => b[1] - a[1])[0];
    if (lowest === undefined) continue;
    const [x, y] = lowest;
    const label = degreesText(((lon + 540) % 360) - 180, "E", "W");
    if (y > height - 40 && x > 20 && x < width - 40) context.fillText(label, x + 3, height - 6);
  }
  for (let lat = Math.ceil(low / step) * step; lat <= high; lat += step) {
    const inside = drawLine(sheet, (part) => [west - 60 + (span + 120) * part, lat]);
    const leftmost = inside.toSorted((a, b) => a[0] - b[0])[0];
    if (leftmost === undefined) continue;
    const [x, y] = leftmost;
    if (x < 40 && y > 20 && y < height - 24) context.fillText(degreesText(lat, "N", "S"), 5, y - 3);
  }
}

/**
 * Draws a line.
 *
 * @param at - the place at a part of the line, 0 to 1
 * @returns its points that are inside the sheet, in pixels
 */
function drawLine({ context, projection, width, height }: Sheet, at: (part: number) => LonLat): [number, number][] {
  const points = Array.from({ length: LINE_POINTS + 1 }, (_, i) => projection(at(i / LINE_POINTS))).filter(
    (point) => point !== null,
  );
  context.beginPath();
  for (const [i, point] of points.entries()) {
    if (i === 0) context.moveTo(...point);
    else context.lineTo(...point);
  }
  context.stroke();
  return points.filter(([x, y]) => x > 0 && x < width && y > 0 && y < height);
}

function degreesText(degrees: number, positive: string, negative: string): string {
  return `${Math.abs(degrees)}°${degrees === 0 || Math.abs(degrees) === 180 ? "" : degrees > 0 ? positive : negative}`;
}
