import type { FloatArray } from "./floats.ts";
import { type GridOrder, windowDaysOf } from "./grid-order.ts";
import { spanOf } from "./months.ts";
import { dayOfWeek, weeksOf } from "./weeks.ts";
import { dayOfYear, YEAR_DAYS } from "./year-days.ts";

/**
 * Makes the anomalies of the weeks of some cells.
 *
 * @param fields - values of shape (cells, fields), NaN where missing
 * @param into - takes the anomalies, of shape (cells, weeks); NaN where a week has too few values, or no climatology
 * @returns how many of the cells have values around some day of the year, and in too few years for a climatology
 */
export type WeekAnomalies = (fields: FloatArray, into: FloatArray) => number;

/**
 * The anomalies of weeks: their means, less the climatology of the days around them; or as many times that as a week has
 * values, for sums, so that what is missing of a sum is not taken for drought.
 *
 * The climatology of a week is the mean of all values of the baseline years that are at most so many days of the year away from
 * its middle day, over the turn of the year, too; of a cell that has some in `minYears` of these years. All is
 * summed in double precision and rounded once.
 *
 * @param seconds - times of the fields
 * @param file - what messages call the archive
 */
export function weekAnomalies(seconds: Float64Array, order: GridOrder, file: string): WeekAnomalies {
  const weeks = weeksOf(seconds, order, file).map((week) => ({ ...week, day: dayOfWeek(week) }));
  const { weekly, normal } = order;
  // Anomalies already have nothing taken off.
  const climatology = normal === "none" ? undefined : dayClimatology(seconds, order);
  const nothing = new Float64Array(YEAR_DAYS);
  return (fields, into) => {
    let sparse = 0;
    for (let cell = 0; cell * weeks.length < into.length; cell++) {
      const first = cell * seconds.length;
      if (climatology?.add(fields, first) === true) sparse++;
      const normals = climatology?.normals ?? nothing;
      for (let i = 0; i < weeks.length; i++) {
        const { start, stop, least, day } = weeks[i]!;
        let [sum, count] = [0, 0];
        for (let at = first + start; at < first + stop; at++) {
          const value = fields[at]!;
          if (Number.isNaN(value)) continue;
          sum += value;
          count++;
        }
        const anomaly = weekly === "sum" ? sum - count * normals[day]! : sum / count - normals[day]!;
        into[cell * weeks.length + i] = count < least ? Number.NaN : anomaly;
      }
    }
    return sparse;
  };
}

/** The climatology of a cell around each day of the year; NaN where it has none. */
interface DayClimatology {
  readonly normals: Float64Array;
  /** Makes it of the values of a cell, from position `first` on. @returns whether some have too few years */
  add(fields: FloatArray, first: number): boolean;
}

function dayClimatology(seconds: Float64Array, order: GridOrder): DayClimatology {
  const { baseline, minYears = 1 } = order;
  const window = windowDaysOf(order);
  const [start, stop] = spanOf(Array.from(seconds), baseline);
  const inside = seconds.subarray(start, stop);
  const days = Uint16Array.from(inside, dayOfYear);
  const years = Uint16Array.from(inside, (time) => new Date(time * 1000).getUTCFullYear() - baseline[0]);
  const [normals, sums] = [new Float64Array(YEAR_DAYS), new Float64Array(YEAR_DAYS)];
  const counts = new Uint32Array(YEAR_DAYS);
  // Which years have a value of a day: a bit for each.
  const words = Math.ceil((baseline[1] - baseline[0] + 1) / 32);
  const seen = new Uint32Array(YEAR_DAYS * words);
  const around = new Uint32Array(words);
  return {
    normals,
    add(fields, first) {
      for (const values of [sums, counts, seen]) values.fill(0);
      for (let i = 0; i < days.length; i++) {
        const value = fields[first + start + i]!;
        if (Number.isNaN(value)) continue;
        const day = days[i]!;
        sums[day]! += value;
        counts[day]!++;
        seen[day * words + (years[i]! >> 5)]! |= 1 << (years[i]! & 31);
      }
      let anyFew = false;
      for (let middle = 0; middle < YEAR_DAYS; middle++) {
        let [sum, count] = [0, 0];
        around.fill(0);
        for (let away = -window; away <= window; away++) {
          const day = (middle + away + YEAR_DAYS) % YEAR_DAYS;
          if (counts[day] === 0) continue;
          sum += sums[day]!;
          count += counts[day]!;
          for (let word = 0; word < words; word++) around[word]! |= seen[day * words + word]!;
        }
        const isFew = bitsOf(around) < minYears;
        if (isFew && count > 0) anyFew = true;
        normals[middle] = isFew ? Number.NaN : sum / count;
      }
      return anyFew;
    },
  };
}

function bitsOf(words: Uint32Array): number {
  let bits = 0;
  for (let i = 0; i < words.length; i++) for (let word = words[i]!; word !== 0; word &= word - 1) bits++;
  return bits;
}
