import { scaleLinear } from "d3-scale";
import { rowsInWords } from "../spoken-dates.ts";
import type { Colours } from "./colours.ts";
import { svg } from "./element.ts";
import { type Model, type PageStation, valueText } from "./model.ts";

const [HEIGHT, LEFT, TOP, BOTTOM, STEP] = [120, 46, 8, 22, 52];

/** The anomalies of all leads as bars, with the spread of their members as lines; the lead that is chosen is marked. */
export function makeLeadsChart({ data }: Model, station: PageStation, chosen: number, { of }: Colours): SVGSVGElement {
  const { leads, weekly, variable } = data;
  const values = [...station.forecast, ...station.spread.flat()].filter(Number.isFinite);
  const y = scaleLinear([Math.min(0, ...values), Math.max(0, ...values)], [HEIGHT - BOTTOM, TOP]).nice(3);
  const width = LEFT + STEP * leads.length + 8;
  const grid = y
    .ticks(3)
    .flatMap((value) => [
      svg("line", { x1: LEFT, x2: width, y1: y(value), y2: y(value), class: value === 0 ? "zero" : "grid" }),
      svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, valueText(value)),
    ]);
  const bars = leads.flatMap((time, lead) => {
    const [value, x] = [station.forecast[lead]!, LEFT + STEP * (lead + 0.5)];
    const label = svg(
      "text",
      { x, y: HEIGHT - 6, "text-anchor": "middle", class: lead === chosen ? "chosen" : "" },
      shortTime(time, weekly),
    );
    if (!Number.isFinite(value)) return [label];
    const [from, to] = [y(0), y(value)].sort((a, b) => a - b) as [number, number];
    const title = svg("title", {}, `${rowsInWords([time], weekly)}: ${valueText(value, variable.units)}`);
    const place = { x: x - STEP * 0.3, y: from, width: STEP * 0.6, height: Math.max(1, to - from), fill: of(value) };
    return [
      svg("rect", { ...place, class: lead === chosen ? "lead-bar marked" : "lead-bar" }, title),
      ...whisker(lead, x),
      label,
    ];
  });
  const words = leads.map(
    (time, lead) => `${rowsInWords([time], weekly)} ${valueText(station.forecast[lead]!, variable.units)}`,
  );
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": words.join(", ") },
    ...grid,
    ...bars,
  );

  function whisker(lead: number, x: number): SVGElement[] {
    const [low, high] = station.spread[lead] ?? [Number.NaN, Number.NaN];
    if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
    const d = `M${x},${y(low)}V${y(high)}M${x - 5},${y(low)}h10M${x - 5},${y(high)}h10`;
    return [svg("path", { d, class: "whisker" })];
  }
}

/** `Aug`, of weeks `6 Aug`. */
function shortTime(time: string, weekly: true | undefined): string {
  const day = weekly === true ? ({ day: "numeric" } as const) : {};
  return new Date(time.slice(0, 10)).toLocaleString("en-GB", { month: "short", timeZone: "UTC", ...day });
}
