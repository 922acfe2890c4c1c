import type { FieldTime } from "./field.ts";
import type { Section } from "./section.ts";
import { monthOf, secondsOf } from "./time-arithmetic.ts";

/** What the local part of edition 1's product section says. */
export interface Local1 {
  readonly member?: number;
  readonly dataType?: string;
  /** Of a monthly mean: which month, and what its forecast is indexed by. */
  readonly month?: Pick<FieldTime, "initial" | "forecastMonth">;
}

const START = 40;

/** Definitions of ECMWF by how many bytes the number of the member has. */
const MEMBER_BYTES: ReadonlyMap<number, 1 | 2> = new Map([
  [1, 1],
  [12, 2],
  [15, 2],
  [16, 2],
  [23, 2],
  [26, 1],
  [30, 1],
  [36, 1],
]);

/** Of ECMWF's table of types. */
const DATA_TYPES: ReadonlyMap<number, string> = new Map([
  [2, "an"],
  [9, "fc"],
  [10, "cf"],
  [11, "pf"],
  [17, "em"],
  [18, "es"],
  [47, "taem"],
  [80, "fcmean"],
  [81, "fcmax"],
  [82, "fcmin"],
  [83, "fcstdev"],
]);

/** Definitions of monthly means of seasonal forecasts; those of the first are indexed by a time of their own. */
const LAGGED_MONTHS = 12;
const MONTHS = 16;

/** Source: ecCodes' definitions, grib1/local.98.*.def. */
export function localOfEcmwf(product: Section, initial: number): Local1 {
  if (product.length < START + 11) return {};
  const definition = product.uint8(START);
  const bytes = MEMBER_BYTES.get(definition);
  const dataType = DATA_TYPES.get(product.uint8(START + 2));
  const month = definition === MONTHS || definition === LAGGED_MONTHS ? monthMeant(product, initial) : undefined;
  return {
    ...(bytes === undefined ? {} : { member: bytes === 1 ? product.uint8(START + 9) : product.uint16(START + 9) }),
    ...(dataType === undefined ? {} : { dataType }),
    ...(month === undefined ? {} : { month }),
  };
}

/** A mean of a month is dated with its end: which month it is stands here. */
function monthMeant(product: Section, initial: number): Local1["month"] {
  const verifying = product.uint32(START + 15);
  if (verifying === 0) return undefined;
  const [year, month] = [Math.floor(verifying / 100), verifying % 100];
  const start = product.uint8(START) === LAGGED_MONTHS ? indexingTime(product, initial) : initial;
  return { initial: start, forecastMonth: monthOf(secondsOf([year, month, 1])) - monthOf(start) + 1 };
}

/** Members that started on the days before are indexed by one time. */
function indexingTime(product: Section, initial: number): number {
  const date = product.uint32(START + 24);
  if (date === 0) return initial;
  const time = product.uint16(START + 28);
  return secondsOf([
    Math.floor(date / 10_000),
    Math.floor(date / 100) % 100,
    date % 100,
    Math.floor(time / 100),
    time % 100,
  ]);
}

/** Of NCEP's ensembles: a control forecast, or the number of a pair and which of the pair it is. */
export function localOfNcep(product: Section): Local1 {
  const ENSEMBLE = 1;
  if (product.length < START + 3 || product.uint8(START) !== ENSEMBLE) return {};
  const [type, number] = [product.uint8(START + 1), product.uint8(START + 2)];
  if (type === 2) return { member: -number };
  return type === 1 || type === 3 ? { member: type === 1 ? 0 : number } : {};
}
