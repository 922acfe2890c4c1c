import uPlot from "uplot";
import type { PageData } from "../page-data.ts";
import type { Colours } from "./colours.ts";
import { type PageStation, valueText } from "./model.ts";
import { colour } from "./theme.ts";

/** Seconds. */
export const YEAR = 365.25 * 86_400;
export const CHART_HEIGHT = 260;

/**
 * Draws observed anomalies as bars, those below zero in another colour, the forecast as rings, the baseline's years shaded.
 *
 * @param values - observed anomalies, NaN where missing
 * @param spanOf - which part of the times, UTC seconds since 1970, is in view
 */
export function drawSeries(
  plot: HTMLElement,
  { history, leads, variable, baseline }: PageData,
  station: PageStation,
  values: Float64Array,
  { of, limit }: Colours,
  spanOf: (times: readonly number[]) => { min: number; max: number },
): uPlot {
  const times = [...history, ...leads].map((time) => Date.parse(`${time.slice(0, 7)}-01T00:00:00Z`) / 1000);
  const observed = Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  const gone = leads.map(() => null);
  const sided = (sign: number) => observed.map((value) => (value !== null && value * sign >= 0 ? value : null));
  const coming = station.forecast.map((value) => (Number.isFinite(value) ? value : null));
  const bars = uPlot.paths.bars!({ size: [0.8, 30] });
  const bar = (label: string, fill: string): uPlot.Series => ({
    label,
    fill,
    width: 0,
    paths: bars,
    points: { show: false },
  });
  const axis: uPlot.Axis = {
    stroke: colour("--faint"),
    grid: { stroke: colour("--graticule"), width: 1 },
    ticks: { stroke: colour("--graticule"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
  const said = (value: number | null) => (value === null ? "" : valueText(value, variable.units));
  const data: uPlot.AlignedData = [
    times,
    [...sided(1), ...gone],
    [...sided(-1), ...gone],
    [...history.map(() => null), ...coming],
  ];
  return new uPlot(
    {
      width: plot.clientWidth,
      height: CHART_HEIGHT,
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "UTC"),
      scales: {
        x: { ...spanOf(times) },
        y: { range: (_, low, high) => around(Math.min(low, 0), Math.max(high, 0)) },
      },
      axes: [axis, { ...axis, label: variable.units ?? "", labelSize: 22, size: 48, labelFont: axis.font! }],
      legend: { live: true },
      cursor: { y: false, points: { size: 7 } },
      series: [
        {
          label: "month",
          value: (_, time) => (time === null ? "" : new Date(time * 1000).toISOString().slice(0, 7)),
        },
        { ...bar("observed, above", of(0.62 * limit)), value: (_, value) => said(value) },
        { ...bar("observed, below", of(-0.62 * limit)), value: (_, value) => said(value) },
        {
          label: "forecast",
          stroke: colour("--accent"),
          width: 0,
          paths: () => null,
          points: { show: true, size: 11, width: 2.5, stroke: colour("--accent"), fill: colour("--panel") },
          value: (_, value) => said(value),
        },
      ],
      hooks: { drawClear: [(u) => shadeBaseline(u, baseline)], draw: [zeroLine] },
    },
    data,
    plot,
  );
}

function around(low: number, high: number): [number, number] {
  const room = (high - low || 1) * 0.08;
  return [low - room, high + room];
}

function shadeBaseline(u: uPlot, [first, last]: readonly [number, number]): void {
  const { ctx, bbox } = u;
  const left = Math.max(bbox.left, u.valToPos(Date.UTC(first, 0) / 1000, "x", true));
  const right = Math.min(bbox.left + bbox.width, u.valToPos(Date.UTC(last + 1, 0) / 1000, "x", true));
  if (right <= left) return;
  ctx.save();
  ctx.fillStyle = colour("--baseline");
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.fillStyle = colour("--faint");
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  const text = `baseline ${first}–${last}`;
  if (ctx.measureText(text).width < right - left)
    ctx.fillText(text, left + 6 * devicePixelRatio, bbox.top + 4 * devicePixelRatio);
  ctx.restore();
}

function zeroLine(u: uPlot): void {
  const { ctx, bbox } = u;
  const y = u.valToPos(0, "y", true);
  ctx.save();
  ctx.strokeStyle = colour("--faint");
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
