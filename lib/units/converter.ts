import { numberOf, type Rational, raised, times } from "./rational.ts";
import { DIMENSIONS } from "./table.ts";
import { type Unit, unitOf, unitTimes } from "./unit.ts";

/** What is equal to what without being of the same dimensions: a depth of water of 1000 kg m-3, and heights. */
const EQUAL: readonly (readonly [unit: Unit, other: Unit])[] = [
  ["kg m-2", "mm"],
  ["gpm", "m"],
  ["gpm", "9.80665 m2 s-2"],
].map(([unit, other]) => [unitOf(unit!)!, unitOf(other!)!]);

const DAY = 86_400n;

/**
 * What an anomaly in one unit is multiplied by to be one in another: zero points do not matter, as it is a difference.
 * The factor is asked for a time, UTC seconds since 1970, because a month has the days of the month of that time.
 *
 * @returns undefined where the two measure different things
 */
export function converter(from: Unit, to: Unit): ((seconds: number) => number) | undefined {
  for (const a of formsOf(from)) {
    for (const b of formsOf(to)) {
      const { factor, powers } = unitTimes(a, b, -1);
      if (DIMENSIONS.some((name) => name !== "time" && name !== "month" && powers[name] !== 0)) continue;
      if (powers.time + powers.month !== 0) continue;
      if (powers.month === 0) {
        const constant = numberOf(factor);
        return () => constant;
      }
      return (seconds) => numberOf(times(factor, raised(lengthOfMonth(seconds), powers.month)));
    }
  }
  return undefined;
}

/** A unit, and what is {@link EQUAL} to it: `kg m-2 s-1` is `mm s-1` as well. */
function formsOf(unit: Unit): Unit[] {
  const forms = [unit];
  for (const [is, other] of EQUAL) {
    const has = DIMENSIONS.every((name) => is.powers[name] === 0 || is.powers[name] === unit.powers[name]);
    if (has) forms.push(unitTimes(unitTimes(unit, other), is, -1));
  }
  return forms;
}

/** Seconds of the month of a time. */
function lengthOfMonth(seconds: number): Rational {
  const last = new Date(seconds * 1000);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  return { over: BigInt(last.getUTCDate()) * DAY, under: 1n };
}
