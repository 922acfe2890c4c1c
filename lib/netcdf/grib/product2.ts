import { GribUnsupported } from "./damaged.ts";
import type { Field, FieldTime } from "./field.ts";
import { levelOfEdition2, type Surface } from "./level.ts";
import { parameterOfEdition2 } from "./parameters.ts";
import { interval } from "./period1.ts";
import type { Section } from "./section.ts";
import { later, MONTHS, secondsOf } from "./time-arithmetic.ts";

/** What a product template has behind the level, which all of these have at the same place. */
interface Template {
  /** Where the end of the interval is; absent where values are for one time. */
  readonly interval?: number;
  /** Where the number of the member is. */
  readonly member?: number;
  /** Bytes that tell the field from others: a quantile, a probability, a kind of mean. */
  readonly variant?: readonly [start: number, end: number];
  /** Of anomalies: where the first and the last year are that they are relative to. */
  readonly anomaly?: true;
}

/** Source: WMO Manual on Codes, templates 4.0 to 4.61; 4.107 as NCEP writes it. */
const TEMPLATES: ReadonlyMap<number, Template> = new Map<number, Template>([
  [0, {}],
  [1, { member: 35 }],
  [2, { variant: [34, 35] }],
  [5, { variant: [36, 47] }],
  [6, { variant: [34, 35] }],
  [8, { interval: 34 }],
  [9, { interval: 47, variant: [36, 47] }],
  [10, { interval: 35, variant: [34, 35] }],
  [11, { interval: 37, member: 35 }],
  [12, { interval: 36, variant: [34, 35] }],
  [60, { member: 35 }],
  [61, { interval: 44, member: 35 }],
  [107, { interval: 34, variant: [58, 59], anomaly: true }],
]);

/** Statistics as ecCodes calls them, by code table 4.10. */
const STATISTICS: ReadonlyMap<number, string> = new Map([
  [0, "avg"],
  [1, "accum"],
  [2, "max"],
  [3, "min"],
  [4, "diff"],
  [5, "rms"],
  [6, "sd"],
  [7, "cov"],
  [9, "ratio"],
  [10, "stdanom"],
  [11, "sum"],
]);

/** Codes from here on are a centre's own. */
const LOCAL = 192;

/** What a product section says of a field. @throws GribDamaged, GribUnsupported */
export function productOfEdition2(
  section: Section,
  discipline: number,
  { initial, centre }: { readonly initial: number; readonly centre: number },
): Pick<Field, "parameter" | "level" | "time" | "member" | "variant"> {
  const number = section.uint16(7);
  const template = TEMPLATES.get(number);
  if (template === undefined) {
    throw new GribUnsupported(
      `has a product of template 4.${number}`,
      "Take the other fields: grib_copy -w productDefinitionTemplateNumber=0/1/8/11 in.grib out.grib",
    );
  }
  const time = timeOf(section, template, initial);
  const [first, second] = [surfaceAt(section, 22), surfaceAt(section, 28)];
  const level = levelOfEdition2(first, second);
  const code = { discipline, category: section.uint8(9), number: section.uint8(10), centre };
  const { variant, anomaly, member } = template;
  return {
    parameter: parameterOfEdition2(code, { ...first, statistic: time.code, anomaly: anomaly === true }),
    level,
    time: time.time,
    member: member === undefined ? undefined : section.uint8(member),
    variant: variant === undefined ? "" : Buffer.from(section.part(...variant)).toString("hex"),
  };
}

function surfaceAt(section: Section, at: number): Surface {
  const [type, factor, value] = [section.uint8(at), section.int8(at + 1), section.int32(at + 2)];
  const isMissing = section.uint8(at + 1) === 0xff || section.uint32(at + 2) === 0xff_ff_ff_ff;
  if (isMissing) return { type, value: 0 };
  return { type, value: factor < 0 ? value * 10 ** -factor : value / 10 ** factor };
}

/** @returns the time, and the code of its statistic */
function timeOf(
  section: Section,
  template: Template,
  initial: number,
): { readonly time: FieldTime; readonly code: number | undefined } {
  const unit = section.uint8(17);
  const start = later(initial, section.int32(18), unit);
  const at = template.interval;
  if (at === undefined) return { time: { initial, end: start, statistic: "instant" }, code: undefined };
  const code = section.uint8(at + 12);
  const statistic = STATISTICS.get(code) ?? "avg";
  // NCEP's averages of several forecasts tell their interval in a way of their own: only where they begin is known.
  if (code >= LOCAL) return { time: { initial, end: start, statistic }, code };
  const [rangeUnit, length] = [section.uint8(at + 14), section.uint32(at + 15)];
  // CFS's monthly means count months, and the end that they tell is another one.
  const isMonth = unit === MONTHS && rangeUnit === MONTHS && length === 1;
  const end = isMonth ? later(start, length, rangeUnit) : endAt(section, at);
  return { time: interval(initial, { start, end, statistic }, isMonth), code };
}

function endAt(section: Section, at: number): number {
  const [month, day, hour, minute, second] = [2, 3, 4, 5, 6].map((byte) => section.uint8(at + byte));
  return secondsOf([section.uint16(at), month!, day!, hour!, minute!, second!]);
}
