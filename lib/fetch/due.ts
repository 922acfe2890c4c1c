import { numberedMonth } from "../time.ts";
import type { ForecastSource } from "./source.ts";
import { datesIn, dayOfMonth, expand, hasTarget, type NameDates } from "./template.ts";

/** A file of a forecast that is to be there. */
export interface DueFile extends NameDates {
  readonly address: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/**
 * The days of issue of a forecast in the last days, the newest first, as `YYYY-MM-DD`.
 *
 * @param now - milliseconds since 1970
 * @param days - how far back, beside today
 */
export function issuesOf(source: ForecastSource, now: number, days: number): string[] {
  const [today, first] = [dayOf(now), dayOf(now - days * DAY_MS)];
  if (source.issued === "daily") return Array.from({ length: days + 1 }, (_, i) => dayOf(now - i * DAY_MS));
  const found: string[] = [];
  const date = new Date(now);
  for (let back = 0; ; back += 1) {
    // Of a year and a month, never of a day: a month before the 31st there may be no 31st.
    const issued = dayOfMonth(date.getUTCFullYear(), date.getUTCMonth() - back, source.day ?? 1);
    if (issued < first) return found;
    if (issued <= today) found.push(issued);
  }
}

/** The files of one issue: one for each lead, or the only one; none where only a listing knows the target months. */
export function filesOf(source: ForecastSource, issued: string): DueFile[] {
  if (source.leads !== undefined) {
    return source.leads.map((lead) => fileOf(source, { issued, target: monthAfter(issued, lead) }));
  }
  return hasTarget(source.address + source.key) ? [] : [fileOf(source, { issued })];
}

/** The file of a source with these dates. */
export function fileOf(source: ForecastSource, dates: NameDates): DueFile {
  return { ...dates, address: expand(source.address, dates), key: expand(keyTemplate(source), dates) };
}

/** The month that is `lead` months after a day's, as `YYYY-MM`. */
export function monthAfter(day: string, lead: number): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return numberedMonth(year * 12 + month - 1 + lead);
}

/** The key with the publisher's name in it. */
export function keyTemplate({ key, address }: ForecastSource): string {
  return key.replaceAll("{name}", nameIn(address));
}

/** What all keys of a source begin with. */
export function keyPrefix(source: ForecastSource): string {
  const [prefix = ""] = keyTemplate(source).split("{", 1);
  return prefix;
}

/** The part of an address behind its last slash. */
export function nameIn(address: string): string {
  return address.slice(address.lastIndexOf("/") + 1);
}

/**
 * Since when a source is late: the day of issue that is to be there by now, where neither that nor a later one is, all of its
 * leads; undefined where it is not late. An issue that the publisher left out is none, once a later one is there.
 *
 * @param present - keys of the input bucket
 */
export function lateSince(source: ForecastSource, now: number, present: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const key of present) {
    const issued = datesIn(keyTemplate(source), key, source.day)?.issued;
    if (issued !== undefined) counts.set(issued, (counts.get(issued) ?? 0) + 1);
  }
  const awaited = issuesOf(source, now - source.lateAfterDays * DAY_MS, MOST_BETWEEN_ISSUES)[0]!;
  const needed = source.leads?.length ?? 1;
  return [...counts].some(([issued, count]) => issued >= awaited && count >= needed) ? undefined : awaited;
}

const MOST_BETWEEN_ISSUES = 31;

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, "YYYY-MM-DD".length);
}
