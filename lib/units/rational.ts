/**
 * A positive fraction, exact: factors of units are, and only so is it sure that `kg m-2 day-1` is `mm/day` times 1, and
 * not times 0.9999999999999999.
 */
export interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}

export const ONE: Rational = { over: 1n, under: 1n };

/** The number of a decimal such as `1e-3` or `9.80665`, without sign. */
export function rationalOf(decimal: string): Rational {
  const [digits = "", exponent = "0"] = decimal.toLowerCase().split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  const power = Number(exponent) - fraction.length;
  return times({ over: BigInt(whole + fraction), under: 1n }, tenTo(power));
}

export function tenTo(power: number): Rational {
  return raised({ over: 10n, under: 1n }, power);
}

export function times(a: Rational, b: Rational): Rational {
  return { over: a.over * b.over, under: a.under * b.under };
}

/** @param power - a whole number */
export function raised({ over, under }: Rational, power: number): Rational {
  const n = BigInt(Math.abs(power));
  return power < 0 ? { over: under ** n, under: over ** n } : { over: over ** n, under: under ** n };
}

/** The nearest double, where both parts in lowest terms have one; else within two of them. */
export function numberOf({ over, under }: Rational): number {
  const common = greatestDivisor(over, under);
  return Number(over / common) / Number(under / common);
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
