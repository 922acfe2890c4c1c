import { bin, extent, mean } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { Colours } from "./colours.ts";
import { svg } from "./element.ts";
import { valueText } from "./model.ts";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [520, 290, 40, 42, 14];

/** How many stations have which anomaly. */
export function makeHistogram(values: readonly number[], { of }: Colours, units: string | undefined): SVGSVGElement {
  const [low = -1, high = 1] = extent(values);
  const x = scaleLinear([Math.min(low, 0), Math.max(high, 0)], [LEFT, WIDTH - 8]).nice(10);
  const [from, to] = x.domain() as [number, number];
  const bins = bin().domain([from, to]).thresholds(x.ticks(30))([...values]);
  const y = scaleLinear([0, Math.max(1, ...bins.map(({ length }) => length))], [HEIGHT - BOTTOM, TOP]).nice(4);
  const bars = bins.map((list) => {
    const [start, end] = [list.x0 ?? from, list.x1 ?? to];
    const top = y(list.length);
    return svg(
      "rect",
      {
        x: x(start) + 0.5,
        y: top,
        width: Math.max(0.5, x(end) - x(start) - 1),
        height: HEIGHT - BOTTOM - top,
        fill: of((start + end) / 2),
      },
      svg("title", {}, `${valueText(start)} to ${valueText(end, units)}: ${list.length} stations`),
    );
  });
  const ticks = y
    .ticks(4)
    .flatMap((count) => [
      svg("line", { x1: LEFT, x2: WIDTH - 8, y1: y(count), y2: y(count), class: "grid" }),
      svg("text", { x: LEFT - 6, y: y(count) + 4, "text-anchor": "end" }, String(count)),
    ]);
  const labels = x
    .ticks(7)
    .map((value) => svg("text", { x: x(value), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, valueText(value)));
  const zero = svg("line", { x1: x(0), x2: x(0), y1: TOP - 6, y2: HEIGHT - BOTTOM, class: "zero" });
  const average = mean(values);
  const label =
    average === undefined
      ? "No station has a forecast"
      : `Histogram of ${values.length} forecast anomalies, from ${valueText(low, units)} to ${valueText(high, units)}, ${valueText(average, units)} on average`;
  return svg(
    "svg",
    { class: "histogram", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    ...ticks,
    ...bars,
    zero,
    ...labels,
    svg(
      "text",
      { x: WIDTH - 8, y: HEIGHT - 4, "text-anchor": "end", class: "word" },
      `forecast anomaly${units === undefined ? "" : `, ${units}`}`,
    ),
    svg("text", { x: LEFT, y: HEIGHT - 4, "text-anchor": "start", class: "word" }, "stations"),
  );
}
