import { quantile } from "d3-array";

/** Most decimals: those of precipitation in kg m-2 s-1. */
const MOST = 10;
/** A step of the last decimal is at most this part of what most values lie within. */
const STEPS = 50;

/**
 * How many decimals a column of values has, all the same number: as many as tell them apart, by what 95 of 100 lie within.
 *
 * @param values - NaN is missing
 */
export function decimalsFor(values: readonly number[]): number {
  const spread = quantile(values.filter(Number.isFinite).map(Math.abs), 0.95) ?? 0;
  if (spread === 0) return 0;
  return Math.min(MOST, Math.max(0, Math.ceil(Math.log10(STEPS / spread))));
}

/** A value with its sign and so many decimals: `+1.20`. */
export function fixedText(value: number, decimals: number): string {
  if (Number.isNaN(value)) return "no value";
  const text = Math.abs(value) === Infinity ? "∞" : Math.abs(value).toFixed(decimals);
  return `${Number(text) === 0 ? "" : value < 0 ? "−" : "+"}${text}`;
}

/** `1st`, `22nd`, `93rd`, `11th`. */
export function ordinal(count: number): string {
  return `${count}${{ one: "st", two: "nd", few: "rd" }[ORDINALS.select(count) as string] ?? "th"}`;
}

const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

/** A text with its unit, if there is one. */
export function withUnits(text: string, units: string | undefined): string {
  return units === undefined || units === "" ? text : `${text}\u00a0${units}`;
}
