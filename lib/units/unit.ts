import { numberOf, ONE, type Rational, raised, rationalOf, times } from "./rational.ts";
import { factorsOf } from "./syntax.ts";
import { DIMENSIONS, type Dimension, definitionOf } from "./table.ts";

/** A product of powers of dimensions, and a factor: `mm day-1` is 1/86400000 of length¹ time⁻¹. */
export interface Unit {
  /** In metres, grams, seconds, months, kelvins and geopotential metres. */
  readonly factor: Rational;
  readonly powers: Readonly<Record<Dimension, number>>;
}

/** Units of a size that no quotient of two leaves a double's range. */
const [SMALLEST, GREATEST] = [1e-100, 1e100];

const NONE = powersOf(() => 0);

/**
 * The unit that a text such as `kg m-2 s-1`, `mm/day` or `degrees Celsius` names.
 *
 * @returns undefined where it is not understood
 */
export function unitOf(text: string): Unit | undefined {
  let unit: Unit = { factor: ONE, powers: NONE };
  const factors = factorsOf(text);
  if (factors === undefined) return undefined;
  for (const { word, power } of factors) {
    const one = wordUnit(word);
    if (one === undefined) return undefined;
    unit = unitTimes(unit, one, power);
    const size = numberOf(unit.factor);
    if (!(size > SMALLEST && size < GREATEST)) return undefined;
  }
  return unit;
}

/** `a` times a power of `b`. */
export function unitTimes(a: Unit, b: Unit, power = 1): Unit {
  return {
    factor: times(a.factor, raised(b.factor, power)),
    powers: powersOf((dimension) => a.powers[dimension] + power * b.powers[dimension]),
  };
}

function wordUnit(word: string): Unit | undefined {
  if (/^[\d.]/.test(word)) return { factor: rationalOf(word), powers: NONE };
  const definition = definitionOf(word);
  if (definition === undefined) return undefined;
  const { prefix, is } = definition;
  const unit = isProduct(is) ? unitOf(is.slice(1)) : { factor: ONE, powers: powersOf((d) => (d === is ? 1 : 0)) };
  return unit === undefined ? undefined : { factor: times(prefix, unit.factor), powers: unit.powers };
}

function isProduct(is: string): is is `=${string}` {
  return is.startsWith("=");
}

function powersOf(power: (dimension: Dimension) => number): Unit["powers"] {
  return Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, power(dimension)])) as Unit["powers"];
}
