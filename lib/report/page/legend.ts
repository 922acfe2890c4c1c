import { scaleLinear } from "d3-scale";
import type { Colours } from "./colours.ts";
import { svg } from "./element.ts";
import { valueText } from "./model.ts";

const WIDTH = 340;
const BAR = 10;
const MARGIN = 30;

/** The colours of the map, from the strongest below normal to the strongest above. */
export function makeLegend(
  { of, limit, ticks: named, below, above }: Colours,
  units: string | undefined,
): SVGSVGElement {
  const x = scaleLinear([-limit, limit], [MARGIN, WIDTH - MARGIN]);
  const [from, to] = x.range() as [number, number];
  const pieces = 48;
  const step = (to - from) / pieces;
  const bars = Array.from({ length: pieces }, (_, i) =>
    svg("rect", {
      x: from + i * step,
      y: 0,
      width: step + 0.5,
      height: BAR,
      fill: of(x.invert(from + (i + 0.5) * step)),
    }),
  );
  // What lies beyond the ends has their colours.
  const end = (at: number, away: number, value: number) =>
    svg("path", { d: `M${at},0L${at + away},${BAR / 2}L${at},${BAR}Z`, fill: of(value) });
  const ticks = (named ?? [-limit, -limit / 2, 0, limit / 2, limit]).map((value) =>
    svg("text", { x: x(value), y: BAR + 14, "text-anchor": "middle" }, valueText(value)),
  );
  return svg(
    "svg",
    {
      class: "legend",
      viewBox: `0 0 ${WIDTH} ${BAR + 34}`,
      width: WIDTH,
      height: BAR + 34,
      role: "img",
      "aria-label": `Colours from ${valueText(-limit, units)}, ${below}, to ${valueText(limit, units)}, ${above}`,
    },
    ...bars,
    end(from, -9, -limit),
    end(to, 9, limit),
    ...ticks,
    svg("text", { x: from, y: BAR + 29, "text-anchor": "start", class: "word" }, below),
    svg("text", { x: WIDTH / 2, y: BAR + 29, "text-anchor": "middle", class: "word" }, units ?? ""),
    svg("text", { x: to, y: BAR + 29, "text-anchor": "end", class: "word" }, above),
  );
}
