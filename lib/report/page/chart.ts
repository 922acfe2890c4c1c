import uPlot from "uplot";
import type { PageData } from "../page-data.ts";
import type { Colours } from "./colours.ts";
import { type PageStation, rowText } from "./model.ts";
import { colour } from "./theme.ts";

/** Seconds. */
export const YEAR = 365.25 * 86_400;
export const CHART_HEIGHT = 260;
/** From a row to where what is ahead of it begins: half of a month. */
const ROW_ROOM = YEAR / 24;

/** What a chart is drawn of, and where. */
interface SeriesChart {
  readonly plot: HTMLElement;
  readonly data: PageData;
  readonly station: PageStation;
  /** Observed anomalies, NaN where missing. */
  readonly observed: Float64Array;
  readonly colours: Colours;
  /** Called whenever the pointer is at another row, or leaves. */
  readonly onCursor: (chart: uPlot) => void;
  /** Which part of the times, UTC seconds since 1970, is in view. */
  readonly spanOf: (times: readonly number[]) => { min: number; max: number };
}

/** Draws observed anomalies as bars, those below zero in another colour, the forecast as rings, the baseline's years shaded. */
export function drawSeries({ plot, data, station, observed, colours, onCursor, spanOf }: SeriesChart): uPlot {
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
      legend: { show: false },
      cursor: { y: false, points: { size: 7 } },
      series: seriesOf(colours),
      hooks: {
        drawClear: [(u) => shadeBaseline(u, baseline), (u) => shadeAhead(u, data)],
        draw: [zeroLine],
        setCursor: [onCursor],
      },
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

function seriesOf({ of, limit }: Colours): uPlot.Series[] {
  const bars = { width: 0, paths: uPlot.paths.bars!({ size: [0.8, 30] }), points: { show: false } };
  return [
    {},
    { ...bars, fill: of(0.62 * limit) },
    { ...bars, fill: of(-0.62 * limit) },
    {
      stroke: colour("--accent"),
      width: 0,
      paths: () => null,
      points: { show: true, size: 11, width: 2.5, stroke: colour("--accent"), fill: colour("--panel") },
    },
  ];
}

function around(low: number, high: number): [number, number] {
  const room = (high - low || 1) * 0.08;
  return [low - room, high + room];
}

function shadeBaseline(u: uPlot, [first, last]: readonly [number, number]): void {
  const [from, to] = [Date.UTC(first, 0) / 1000, Date.UTC(last + 1, 0) / 1000];
  shade(u, from, to, "--baseline", `baseline ${first}–${last}`);
}

/** What lies behind the last observed row. */
function shadeAhead(u: uPlot, data: PageData): void {
  const last = data.history.at(-1);
  if (last !== undefined) shade(u, Date.parse(rowText(data, last)) / 1000 + ROW_ROOM, Infinity, "--ahead", "ahead");
}

/** Shades the times between two, UTC seconds since 1970, and names them where there is room. */
function shade(u: uPlot, from: number, to: number, fill: `--${string}`, text: string): void {
  const { ctx, bbox } = u;
  const within = (time: number) =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, time === Infinity ? Infinity : u.valToPos(time, "x", true)));
  const [left, right] = [within(from), within(to)];
  if (right <= left) return;
  ctx.save();
  ctx.fillStyle = colour(fill);
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.fillStyle = colour("--faint");
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  const gap = 4 * devicePixelRatio;
  if (ctx.measureText(text).width + 2 * gap < right - left) ctx.fillText(text, left + gap, bbox.top + gap);
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
