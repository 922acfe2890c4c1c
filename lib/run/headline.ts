import { counted } from "../warning.ts";
import type { Manifest } from "./records.ts";

type Counts = Manifest["counts"];

/** The stations of the table: those that were planned, and those that lie too far from any cell to be. */
export function stationsOf({ planned, tooFar }: Pick<Counts, "planned" | "tooFar">): number {
  return planned + tooFar;
}

/** How many stations a forecaster can use: `126 of 966 stations have observations and a forecast`. */
export function usableText(counts: Counts): string {
  const all = stationsOf(counts);
  return `${counts.usable} of ${counted(all, "station")} ${all === 1 ? "has" : "have"} observations and a forecast`;
}

/** Which stations and rows cannot be used and why, a part of a sentence each; none where all can. */
export function shortfalls({ withoutObservations, withoutForecast, tooFar, rejectedRows }: Counts): string[] {
  const parts: readonly (readonly [count: number, one: string, more: string])[] = [
    [withoutObservations, "lies in a cell without observations", "lie in cells without observations"],
    [withoutForecast, "has no forecast", "have no forecast"],
    [tooFar, "is too far from any cell, and was not written", "are too far from any cell, and were not written"],
    [rejectedRows, "row of the table was not used", "rows of the table were not used"],
  ];
  return parts.filter(([count]) => count > 0).map(([count, one, more]) => `${count} ${count === 1 ? one : more}`);
}
