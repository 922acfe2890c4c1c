import { hash } from "node:crypto";
import type { FloatType } from "../netcdf/decoded-type.ts";
import { thirdOf, type Years } from "./months.ts";

/** Which anomalies to make of an archive. */
export interface GridRequest {
  readonly variable: string;
  /** First month of the grid, `YYYY-MM`; what lies before it is not used at all. */
  readonly firstMonth: string;
  /** First and last year of the climatology. */
  readonly baseline: Years;
  /** Units of the variable, in place of what its attribute says or lacks. */
  readonly units?: string | undefined;
  /**
   * What is taken along the variable's dimensions other than time, latitude and longitude, by their names in any case; one of
   * length 1 need not be named.
   */
  readonly select?: Readonly<Record<string, ObservedChoice>> | undefined;
  /** Whether values outside of the variable's valid range are values, and not missing. */
  readonly ignoreValidRange?: boolean | undefined;
  /** How many baseline years a calendar month of a cell needs to have a climatology; a third of them by default. */
  readonly minYears?: number | undefined;
  /** What the fields of the archive are: months, by default, or days and parts of them, of which months are made first. */
  readonly frequency?: "monthly" | "daily" | undefined;
  /** What is made of the days of a month; the mean by default. */
  readonly monthly?: "mean" | "sum" | undefined;
  /** Weeks are made of days, instead of months, as means or as sums; then the climatology is that of the days around each. */
  readonly weekly?: "mean" | "sum" | undefined;
  /** Of how many days of a month, or of a week, a cell needs a value; see {@link minDaysOf}. */
  readonly minDays?: number | undefined;
  /** The climatology of a week is of the days that are at most so many away from its middle; see {@link windowDaysOf}. */
  readonly windowDays?: number | undefined;
  /** Which days are a week, and how its row is dated; from Monday on, dated with it, by default. */
  readonly weeks?: WeekOrder | undefined;
}

/** Which seven days are a week, and how a row of it is dated. */
export interface WeekOrder {
  /** Of the first day: 1 is Monday, 7 Sunday. */
  readonly weekday: number;
  /** Seconds from midnight of the first day to the time of the row. */
  readonly dated: number;
}

/** Weeks from Monday on, dated with it. */
export const CALENDAR_WEEKS: WeekOrder = { weekday: 1, dated: 0 };

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/**
 * What is taken along a dimension: a position, the `last` one, the `mean`, or by `merge` the first value that is not missing.
 */
export type ObservedChoice = number | "last" | "mean" | "merge";

/** What a run asks of a grid. */
export interface GridOrder extends GridRequest {
  /**
   * What is taken off the observations, where it is not the mean of the baseline years: nothing, as they are anomalies
   * already, or the fields of a file.
   */
  readonly normal?: "none" | NormalFile;
  /** Years of a second climatology, that a forecast relative to them is rebased by: both are stored with the grid. */
  readonly rebase?: Years;
}

/** A file with a field for each calendar month. */
export interface NormalFile {
  readonly key: string;
  readonly etag: string;
  readonly variable: string;
}

/** Changes when the same inputs give other values or another layout, so that older grids are not used. */
const GRID_VERSION = 4;

/**
 * The id of a grid: readable words, and a hash of the archive's etag with all that was asked of it.
 *
 * @param type - of its values; that of an archive is known when it was opened
 */
export function gridId(etag: string, order: GridOrder, type: FloatType = "float32"): string {
  const { variable, firstMonth, baseline, normal, rebase, weekly, weeks = CALENDAR_WEEKS } = order;
  // What most grids are made without is no part of it, so that theirs stay as they are.
  const more = normal === undefined && rebase === undefined ? [] : [normal ?? null, rebase ?? null];
  const set = { ...optional(order), ...(type === "float32" ? {} : { type }) };
  const asked = [variable, firstMonth, baseline, ...more, ...(Object.keys(set).length === 0 ? [] : [set])];
  const digest = hash("sha256", JSON.stringify([GRID_VERSION, etag, ...asked]));
  const of = weekly === undefined ? "" : `-weeks-${WEEKDAYS[weeks.weekday - 1]}`;
  const words = `${variable}-${firstMonth}-${baseline.join("-")}${of}`.replace(/[^A-Za-z0-9._-]/g, "_");
  return `${words}-${digest.slice(0, 12)}`;
}

/** What else may be asked of a grid, where it is: all of it changes the values. */
export function optional(order: GridOrder): Omit<GridRequest, "variable" | "firstMonth" | "baseline"> {
  const { units, select, ignoreValidRange } = order;
  const { normal, rebase, baseline, minYears = thirdOf(baseline) } = order;
  const isMean = normal === undefined || rebase !== undefined;
  return {
    ...(units === undefined ? {} : { units }),
    ...(select === undefined ? {} : { select }),
    ...(ignoreValidRange === true ? { ignoreValidRange } : {}),
    ...(isMean && minYears > 1 ? { minYears } : {}),
    ...ofDays(order),
  };
}

/** How months or weeks are made of days. */
function ofDays(order: GridOrder): Partial<GridRequest> {
  const { frequency, monthly = "mean", weekly, weeks = CALENDAR_WEEKS, normal } = order;
  const minDays = minDaysOf(order);
  if (weekly !== undefined) {
    return { weekly, minDays, weeks, ...(normal === "none" ? {} : { windowDays: windowDaysOf(order) }) };
  }
  return frequency === "daily" ? { frequency, monthly, minDays } : {};
}

/** Longer than any month: all of its days. */
const ALL_DAYS = 31;
/** The World Meteorological Organization takes no mean of a month that lacks eleven days or more. */
const DAYS_OF_MEAN = 20;
/** As large a part of a week. */
const DAYS_OF_WEEKLY_MEAN = 5;

/**
 * Of how many days of a month, or a week, a cell needs a value: of 20, or 5, for a mean, and of all for a sum, where nobody says
 * it.
 */
export function minDaysOf({ monthly, weekly, minDays }: Pick<GridRequest, "monthly" | "weekly" | "minDays">): number {
  if (weekly !== undefined) return minDays ?? (weekly === "sum" ? 7 : DAYS_OF_WEEKLY_MEAN);
  return minDays ?? (monthly === "sum" ? ALL_DAYS : DAYS_OF_MEAN);
}

/**
 * How many days on either side of a week's middle its climatology is of: 31 days in all by default. So it rests on as many
 * values as that of a month, and follows the year as closely: of a sine of a year's length, 31 days flatten 1.2 %.
 */
export function windowDaysOf({ windowDays = 15 }: Pick<GridRequest, "windowDays">): number {
  return windowDays;
}

/**
 * How many values a calendar month of a cell needs to have a climatology of the baseline, and of the years of a rebase: one of
 * each of so many years, or four, which each year's weeks have there at least.
 */
export function leastValues({
  minYears = 1,
  rebase,
  weekly,
}: Pick<GridOrder, "minYears" | "rebase" | "weekly">): readonly [own: number, other: number] {
  const ofYear = weekly === undefined ? 1 : 4;
  return [minYears * ofYear, rebase === undefined ? 1 : Math.min(minYears, thirdOf(rebase)) * ofYear];
}
