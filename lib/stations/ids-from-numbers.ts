import { counted, listed, type Warning } from "../warning.ts";
import type { Station } from "./station.ts";
import { liesInBlock } from "./wmo-block.ts";

/** A station, and what stands in its row as id. */
export interface Identified {
  readonly cell: string | number;
  readonly station: Station;
}

/**
 * A warning for each sign that ids have been numbers in a spreadsheet, where 06260 is 6260:
 *
 * - texts such as `6260.0`;
 * - numbers in a column that also has texts with zeros in front;
 * - ids that are the WMO number of where their station lies when a zero is put in front, and are not without it. Most of
 *   the ids of four or five digits that are no WMO number must be so, as numbers of another kind now and then are.
 */
export function idWarnings(identified: readonly Identified[]): Warning[] {
  const texts = identified.flatMap(({ cell }) => (typeof cell === "string" ? [cell] : []));
  const numbers = identified.flatMap(({ cell }) => (typeof cell === "number" ? [cell] : []));
  const decimals = texts.filter((text) => /^\d+\.0+$/.test(text));
  const padded = texts.find((text) => /^0\d+$/.test(text));
  const shortened = shortenedIds(identified.map(({ station }) => station));

  const problems: string[] = [];
  if (decimals.length > 0) {
    problems.push(`${counted(decimals.length, "id")} written as a number with decimals: ${examples(decimals)}`);
  }
  if (padded !== undefined && numbers.length > 0) {
    const are = numbers.length === 1 ? "1 id is a number" : `${numbers.length} ids are numbers`;
    problems.push(`${are} where others are text with a zero in front, such as ${padded}: ${examples(numbers)}`);
  }
  if (shortened.length > 0) {
    const are = shortened.length === 1 ? "1 id is the WMO number" : `${shortened.length} ids are the WMO numbers`;
    problems.push(`${are} of the place only with a zero in front: ${examples(shortened)}`);
  }
  return problems.map((message) => ({ kind: "idsFromNumbers", message }));
}

function shortenedIds(stations: readonly Station[]): string[] {
  const others = stations.filter(({ id, lat, lon }) => /^\d{4,5}$/.test(id) && liesInBlock(id, lat, lon) !== true);
  const shortened = others.filter(({ id, lat, lon }) => liesInBlock(`0${id}`, lat, lon) === true);
  return 5 * shortened.length >= 4 * others.length ? shortened.map(({ id }) => id) : [];
}

function examples(values: readonly (string | number)[]): string {
  return listed(values, 5);
}
