import type { PageData } from "../page-data.ts";
import { type Rank, type Tercile, tercileOf } from "../percentile.ts";
import { ordinal } from "./numbers.ts";

/** Of the thirds of what was observed. */
export const TERCILES: Readonly<Record<Tercile, string>> = {
  below: "below normal",
  near: "near normal",
  above: "above normal",
};

/** `31st percentile of 41 observed months of August, below normal`, or `above all 41 observed …`. */
export function rankText({ percentile, among }: Rank, { leads, weekly }: PageData, lead: number): string {
  const month = new Date(leads[lead]!.slice(0, 10)).toLocaleString("en", { month: "long", timeZone: "UTC" });
  const what = weekly === true ? `weeks in ${month}` : `months of ${month}`;
  const where =
    percentile === 0
      ? "below all"
      : percentile === 100
        ? "above all"
        : `${ordinal(Math.round(percentile))} percentile of`;
  return `${where} ${among} observed ${what}, ${TERCILES[tercileOf(percentile)]}`;
}

/** `31, below normal`. */
export function shortRankText(rank: Rank | undefined): string {
  return rank === undefined ? "" : `${Math.round(rank.percentile)}, ${TERCILES[tercileOf(rank.percentile)]}`;
}
