import { scaleLinear } from "d3-scale";
import { forecastTitle, rowsInWords } from "../spoken-dates.ts";
import type { Colours } from "./colours.ts";
import { type Model, type Selection, unitsShown, valueText } from "./model.ts";
import { colour } from "./theme.ts";

const [MARGIN, HEAD, FOOT, LEGEND] = [16, 62, 66, 340] as const;

/** An image of the map as it is seen, with its title above and its colours below. @returns PNG; null where the browser makes none */
export function mapImage(
  model: Model,
  selection: Selection,
  map: HTMLCanvasElement,
  colours: Colours,
): Promise<Blob | null> {
  // As fine as the map is: some pixels of the screen are several of its own.
  const ratio = map.width / map.clientWidth;
  const [width, height] = [Math.max(map.clientWidth, LEGEND) + 2 * MARGIN, map.clientHeight + HEAD + FOOT];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  context.fillStyle = colour("--panel");
  context.fillRect(0, 0, width, height);
  drawTitle(context, model, selection);
  context.drawImage(map, MARGIN, HEAD, map.clientWidth, map.clientHeight);
  drawLegend(context, height - FOOT + 12, colours, unitsShown(selection, model.data) ?? "");
  context.textAlign = "right";
  context.fillText(model.data.runId, width - MARGIN, height - MARGIN);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function drawTitle(context: CanvasRenderingContext2D, { data }: Model, { lead }: Selection): void {
  const { product, variable, forecast, leads, weekly } = data;
  context.fillStyle = colour("--text");
  context.font = "650 20px system-ui, sans-serif";
  context.fillText(forecastTitle(forecast, leads, weekly), MARGIN, MARGIN + 16);
  context.fillStyle = colour("--faint");
  context.font = "13px system-ui, sans-serif";
  const when = leads.length > 1 ? ` · ${rowsInWords([leads[lead]!], weekly)}` : "";
  context.fillText(`${product} · ${variable.longName ?? variable.name}, anomalies${when}`, MARGIN, MARGIN + 36);
}

function drawLegend(
  context: CanvasRenderingContext2D,
  top: number,
  { of, limit, ticks, below, above }: Colours,
  units: string,
): void {
  const x = scaleLinear([-limit, limit], [MARGIN + 20, MARGIN + LEGEND - 20]);
  const [from, to] = x.range() as [number, number];
  for (let at = from; at < to; at++) {
    context.fillStyle = of(x.invert(at + 0.5));
    context.fillRect(at, top, 1.5, 10);
  }
  context.fillStyle = colour("--faint");
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  for (const value of ticks ?? [-limit, -limit / 2, 0, limit / 2, limit])
    context.fillText(valueText(value), x(value), top + 24);
  context.fillText(units, (from + to) / 2, top + 39);
  context.fillText(below, from, top + 39);
  context.fillText(above, to, top + 39);
}
