import { ONE, type Rational, tenTo } from "./rational.ts";

/**
 * What units measure. A month is no fixed number of seconds, and a geopotential metre is a height as well as an energy, so
 * both stand for themselves here: lib/units/converter.ts says what they are equal to.
 */
export const DIMENSIONS = ["length", "mass", "time", "month", "temperature", "geopotential"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A unit as it is shown, other names of it, and what it is: a dimension, or a product of other units. */
type Row = readonly [symbol: string, names: string, is: Dimension | `=${string}`, prefixed?: "prefixed"];

/** The units of such files, after UDUNITS' database; and how else they are written in public archives and forecasts. */
const ROWS: readonly Row[] = [
  ["m", "metre meter", "length", "prefixed"],
  ["g", "gram gramme", "mass", "prefixed"],
  ["s", "sec second", "time"],
  ["K", "degk kelvin kelvin_scale", "temperature", "prefixed"],
  ["month", "mo mon", "month"],
  ["gpm", "geopotential_metre geopotential_meter", "geopotential"],
  // These are spelled in any case, which shorter ones with a prefix are not: `Mm` is a megametre.
  ["mm", "", "=1e-3 m"],
  ["cm", "", "=1e-2 m"],
  ["kg", "", "=1e3 g"],
  ["in", "inch inches", "=25.4 mm"],
  ["ft", "foot feet", "=12 in"],
  ["min", "minute", "=60 s"],
  ["h", "hr hrs hour", "=60 min"],
  ["day", "d dy", "=24 h"],
  ["week", "", "=7 day"],
  ["year", "yr yrs", "=3.15569259747e7 s"],
  // As differences of temperature: an anomaly knows no zero point.
  ["°C", "c degc celsius celcius celsius_scale centigrade", "=K"],
  ["°F", "f degf fahrenheit fahrenheit_scale", "=5/9 K"],
  ["gpdm", "gpdam", "=10 gpm"],
  ["N", "newton", "=kg m s-2", "prefixed"],
  ["Pa", "pascal", "=N m-2", "prefixed"],
  ["hPa", "", "=100 Pa"],
  ["bar", "", "=1e5 Pa", "prefixed"],
  ["mb", "", "=mbar"],
  ["J", "joule", "=N m", "prefixed"],
  ["W", "watt", "=J s-1", "prefixed"],
  ["%", "percent pct", "=1e-2"],
  ["", "dimensionless fraction proportion ratio unitless", "=1"],
];

/** A power of ten, by the prefix of a symbol and by that of a name. */
const PREFIXES: readonly (readonly [symbol: string, name: string, power: number])[] = [
  ["G", "giga", 9],
  ["M", "mega", 6],
  ["k", "kilo", 3],
  ["h", "hecto", 2],
  ["da", "deca", 1],
  ["da", "deka", 1],
  ["d", "deci", -1],
  ["c", "centi", -2],
  ["m", "milli", -3],
  ["u", "micro", -6],
  ["µ", "micro", -6],
  ["μ", "micro", -6],
  ["n", "nano", -9],
];

/** What a word stands for: `prefix` times a dimension's own unit, or times a product of units. */
export interface Definition {
  /** As it is shown: `mm` for `millimeters`, nothing for `fraction`. */
  readonly symbol: string;
  readonly prefix: Rational;
  readonly is: Row[2];
}

const bySymbol = new Map(ROWS.map((row) => [row[0], row]));
const byName = new Map(
  ROWS.flatMap((row) => [row[0].toLowerCase(), ...row[1].split(" ")].map((name) => [name, row] as const)),
);
byName.delete("");

/**
 * The unit that a word names: a symbol as it is spelled, with or without a prefix, else a name in any case and either number.
 *
 * @returns undefined for a word that is no unit here
 */
export function definitionOf(word: string): Definition | undefined {
  const exact = bySymbol.get(word);
  if (exact !== undefined) return define(exact);
  const name = word.toLowerCase();
  return prefixed(word, 0) ?? named(name) ?? prefixed(name, 1);
}

/** @param spelling - of the prefix: 0 for its symbol, 1 for its name */
function prefixed(word: string, spelling: 0 | 1): Definition | undefined {
  for (const prefix of PREFIXES) {
    if (!word.startsWith(prefix[spelling])) continue;
    const rest = word.slice(prefix[spelling].length);
    const row = spelling === 0 ? bySymbol.get(rest) : rowNamed(rest);
    if (row?.[3] === "prefixed") return define(row, prefix);
  }
  return undefined;
}

function named(name: string): Definition | undefined {
  const row = rowNamed(name);
  return row === undefined ? undefined : define(row);
}

function rowNamed(name: string): Row | undefined {
  // A short word that ends in s is no plural: `ms-1` is a wrong `m s-1`, and not a metre.
  return byName.get(name) ?? (name.length > 3 && name.endsWith("s") ? byName.get(name.slice(0, -1)) : undefined);
}

function define([symbol, , is]: Row, prefix?: (typeof PREFIXES)[number]): Definition {
  if (prefix === undefined) return { symbol, prefix: ONE, is };
  return { symbol: `${prefix[0]}${symbol}`, prefix: tenTo(prefix[2]), is };
}
