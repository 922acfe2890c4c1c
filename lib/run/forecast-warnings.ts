import { dashed, dayText, monthNumber, monthText, timeText } from "../time.ts";
import type { Warning } from "../warning.ts";
import type { Forecast } from "./forecast.ts";
import { readForecastName } from "./forecast-name.ts";

/** What the times of a forecast are not, that a monthly series wants. */
export function forecastWarnings({
  allSeconds,
  moved,
  weeks,
}: Pick<Forecast, "allSeconds" | "moved" | "weeks">): Warning[] {
  const warnings: Warning[] = [];
  const close = weeks === undefined ? closeLeads(allSeconds) : undefined;
  if (close !== undefined) {
    const [first, second] = close.map(timeText);
    const message = `the leads of the forecast are no months: one is for ${first}, the next for ${second}; each has a row in the monthly series`;
    warnings.push({ kind: "forecastNotMonthly", message });
  }
  if (moved > 0) {
    const message = `forecast dates of a model calendar that became the last day of their month: ${moved}`;
    warnings.push({ kind: "timeMoved", message });
  }
  return warnings;
}

/** Dates in the name of the file that are not those in the file. */
export function nameWarnings({ key, seconds, initial }: Pick<Forecast, "key" | "seconds" | "initial">): Warning[] {
  const { issued, target } = readForecastName(key);
  const warn = (message: string): Warning => ({ kind: "forecastNameDiffers", message });
  const warnings: Warning[] = [];
  const months = Array.from(seconds, monthText);
  if (target !== null && !months.includes(target)) {
    warnings.push(warn(`the name of the forecast says ${target}, the times in it say ${months.join(", ")}`));
  }
  if (issued === null || initial === undefined) return warnings;
  const named = dashed(issued);
  const inside = dayText(initial);
  // Monthly forecasts start on the first of the month by name, whenever they are issued.
  const isNominal = inside === `${named.slice(0, "YYYY-MM".length)}-01`;
  if (inside !== named && !isNominal) {
    warnings.push(warn(`the name of the forecast says that it was issued on ${named}, the file says ${inside}`));
  }
  return warnings;
}

/** Middles of months are 28 days apart or more; a day less allows for dates that were moved to the end of February. */
const SHORTEST_MONTH = 27 * 86_400;

/** The first two times that are less than a month apart, or in one month; undefined where there are none. */
function closeLeads(seconds: Float64Array): readonly [number, number] | undefined {
  for (let i = 1; i < seconds.length; i++) {
    const [a, b] = [seconds[i - 1]!, seconds[i]!];
    const isClose = b > a && (b - a < SHORTEST_MONTH || monthNumber(a) === monthNumber(b));
    if (isClose) return [a, b];
  }
  return undefined;
}
