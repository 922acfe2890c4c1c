import type { GeoProjection } from "d3-geo";
import { COAST_UNITS } from "../coast-units.ts";
import type { PageData } from "../page-data.ts";
import { colour } from "./theme.ts";

/** Draws land, its coast, and some meridians and parallels. */
export function drawBase(
  context: CanvasRenderingContext2D,
  projection: GeoProjection,
  { coast, region }: Pick<PageData, "coast" | "region">,
): void {
  const { width, height } = context.canvas.getBoundingClientRect();
  context.fillStyle = colour("--sea");
  context.fillRect(0, 0, width, height);
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
  drawGraticule(context, projection, region, width, height);
}

function drawGraticule(
  context: CanvasRenderingContext2D,
  projection: GeoProjection,
  { west, east, south, north }: PageData["region"],
  width: number,
  height: number,
): void {
  const span = east > west ? east - west : east - west + 360;
  const step = span > 150 ? 30 : span > 40 ? 10 : span > 15 ? 5 : 2;
  context.strokeStyle = colour("--graticule");
  context.fillStyle = colour("--faint");
  context.lineWidth = 0.6;
  context.font = "11px system-ui, sans-serif";
  const line = (points: [number, number][], label: string, place: "left" | "bottom") => {
    context.beginPath();
    const shown = points.flatMap((point) => {
      const projected = projection(point);
      return projected === null ? [] : [projected];
    });
    for (const [i, point] of shown.entries()) {
      if (i === 0) context.moveTo(...point);
      else context.lineTo(...point);
    }
    context.stroke();
    const inside = shown.filter(([x, y]) => x > 0 && x < width && y > 0 && y < height);
    if (place === "bottom") {
      const at = inside.toSorted((a, b) => b[1] - a[1])[0];
      if (at !== undefined && at[1] > height - 40 && at[0] > 20 && at[0] < width - 40) {
        context.fillText(label, at[0] + 3, height - 6);
      }
    } else {
      const at = inside.toSorted((a, b) => a[0] - b[0])[0];
      if (at !== undefined && at[0] < 40 && at[1] > 20 && at[1] < height - 24) context.fillText(label, 5, at[1] - 3);
    }
  };
  const [low, high] = [Math.max(-90, south - 30), Math.min(90, north + 30)];
  for (let lon = Math.ceil((west - 60) / step) * step; lon <= west + span + 60; lon += step) {
    const points = along((part) => [lon, low + (high - low) * part]);
    line(points, degreesText(((lon + 540) % 360) - 180, "E", "W"), "bottom");
  }
  for (let lat = Math.ceil(low / step) * step; lat <= high; lat += step) {
    const points = along((part) => [west - 60 + (span + 120) * part, lat]);
    line(points, degreesText(lat, "N", "S"), "left");
  }
}

/** Points of a line, close enough for the map of an island. */
function along(at: (part: number) => [lon: number, lat: number]): [lon: number, lat: number][] {
  return Array.from({ length: LINE_POINTS + 1 }, (_, i) => at(i / LINE_POINTS));
}

const LINE_POINTS = 500;

function degreesText(degrees: number, positive: string, negative: string): string {
  return `${Math.abs(degrees)}°${degrees === 0 || Math.abs(degrees) === 180 ? "" : degrees > 0 ? positive : negative}`;
}
