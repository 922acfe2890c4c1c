import uPlot from "uplot";
import type { PageData } from "../page-data.ts";
import type { Colours } from "./colours.ts";
import { type PageStation, rowText, valueText } from "./model.ts";
import { colour } from "./theme.ts";

/** Seconds. */
export const YEAR = 365.25 * 86_400;
export const CHART_HEIGHT = 260;

/** What a chart is drawn of, and where. */
interface SeriesChart {
  readonly plot: HTMLElement;
  readonly data: PageData;
  readonly station: PageStation;
  /** Observed anomalies, NaN where missing. */
  readonly observed: Float64Array;
  readonly colours: Colours;
  /** Which part of the times, UTC seconds since 1970, is in view. */
  readonly spanOf: (times: readonly number[]) => { min: number; max: number };
}

/** Draws observed anomalies as bars, those below zero in another colour, the forecast as rings, the baseline's years shaded. */
export function drawSeries({ plot, data, station, observed, colours, spanOf }: SeriesChart): uPlot {
  const { variable, baseline } = data;
  const columns = columnsOf(data, station, observed);
  const axis: uPlot.Axis = {
    stroke: colour("--faint"),
    grid: { stroke: colour("--graticule"), width: 1 },
    ticks: { stroke: colour("--graticule"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
  return new uPlot(
    {
      width: plot.clientWidth,
      height: CHART_HEIGHT,
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "UTC"),
      scales: {
        x: { ...spanOf(columns[0] as number[]) },
        y: { range: (_, low, high) => around(Math.min(low, 0), Math.max(high, 0)) },
      },
      axes: [axis, { ...axis, label: variable.units ?? "", labelSize: 22, size: 48, labelFont: axis.font! }],
      legend: { live: true },
      cursor: { y: false, points: { size: 7 } },
      series: seriesOf(data, colours),
      hooks: { drawClear: [(u) => shadeBaseline(u, baseline)], draw: [zeroLine] },
    },
    columns,
    plot,
  );
}

/** Times, what was observed above zero, what below, and the forecast: of every month, null where it has none. */
function columnsOf(data: PageData, station: PageStation, observed: Float64Array): uPlot.AlignedData {
  const { history, leads } = data;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const withSign = (sign: number) => Array.from(observed, (value) => (value * sign >= 0 ? finite(value) : null));
  const empty = (months: readonly string[]) => months.map(() => null);
  return [
    // The first day of a month, or the day of a week: the form is that of ISO 8601, which is in UTC.
    [...history, ...leads].map((time) => Date.parse(rowText(data, time)) / 1000),
    [...withSign(1), ...empty(leads)],
    [...withSign(-1), ...empty(leads)],
    [...empty(history), ...station.forecast.map(finite)],
  ];
}

/** How the columns are drawn, and what the legend says of a value. */
function seriesOf(data: PageData, { of, limit }: Colours): uPlot.Series[] {
  const { units } = data.variable;
  const paths = uPlot.paths.bars!({ size: [0.8, 30] });
  const value: uPlot.Series.Value = (_, shown: number | null) => (shown === null ? "" : valueText(shown, units));
  const bars = { width: 0, paths, points: { show: false }, value };
  return [
    {
      label: data.weekly === true ? "week" : "month",
      value: (_, time) => (time === null ? "" : rowText(data, new Date(time * 1000).toISOString())),
    },
    { ...bars, label: "observed, above", fill: of(0.62 * limit) },
    { ...bars, label: "observed, below", fill: of(-0.62 * limit) },
    {
      label: "forecast",
      stroke: colour("--accent"),
      width: 0,
      paths: () => null,
      points: { show: true, size: 11, width: 2.5, stroke: colour("--accent"), fill: colour("--panel") },
      value,
    },
  ];
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
