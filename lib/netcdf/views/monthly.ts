import type { Dataset, NumericArray, Slab, Variable } from "../dataset.ts";
import { decode } from "../decode.ts";
import { decodedType } from "../decoded-type.ts";
import { ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { countsOf, findNumeric, product } from "../slab.ts";
import { findTimeSource } from "../time-source.ts";
import { boxesOf } from "./boxes.ts";
import { copyBox } from "./copy-box.ts";
import { dayTimes } from "./day-times.ts";
import { type MonthOfDays, monthsOfDays, startOf } from "./days.ts";
import { replaced } from "./replaced.ts";
import { withoutStorage } from "./storage.ts";
import { withTimes } from "./with-times.ts";

type FloatArray = Float32Array | Float64Array;

/** What is made of the fields of a month. */
export interface MonthlyOrder {
  readonly how: "mean" | "sum";
  /** Days of the month that a cell needs a value of; all of them where the month has not more. */
  readonly minDays: number;
}

/** Values of the file that are read at once, where its chunks are not larger. */
const MOST_VALUES = 2 ** 22;

/**
 * A dataset with the months of a variable whose fields are days, or parts of days: their means, or their sums. They are of the
 * type that the values decode to, and NaN where too many are missing. A month is dated with its start.
 *
 * They are summed in that type, field after field in order of time, and divided once: as numpy does along the first axis, and
 * so as xarray's `resample(time="MS")`.
 *
 * @param name - of a variable whose dimensions before the times have length 1
 * @throws InputError `BadTime` as {@link monthsOfDays}; `MissingVariable`, `NotNumeric`
 */
export function monthly(dataset: Dataset, name: string, { how, minDays }: MonthlyOrder): Dataset {
  const { variable, type } = findNumeric(dataset, name);
  const { file } = dataset;
  const source = findTimeSource(dataset, name);
  if (source?.along === undefined) throw new TypeError(`${file}: "${name}" has no times`);
  const months = monthsOfDays(dayTimes(dataset, name, source), minDays, file);
  const timeAt = variable.dimensions.indexOf(source.along);
  const decoded = decodedType(variable, file);
  const perMonth = Math.ceil(variable.shape[timeAt]! / months.length);
  const alongTime = <T>(items: readonly T[], item: T) => items.map((other, d) => (d === timeAt ? item : other));
  const stored = variable.chunks ?? variable.shape.map(() => 1);
  const chunks = alongTime(stored, Math.max(1, Math.floor(stored[timeAt]! / perMonth)));
  const view: Variable = {
    name,
    type: decoded,
    dimensions: variable.dimensions,
    shape: alongTime(variable.shape, months.length),
    chunks,
    attributes: withoutStorage(variable.attributes, decoded),
    madeOf: perMonth * (variable.madeOf ?? 1),
  };
  const daysOf = (slab: Slab): Slab => {
    const [from, to] = slab[timeAt]!;
    return alongTime(slab, from === to ? [0, 0] : [months[from]!.start, months[to - 1]!.stop]);
  };
  const make = (raw: NumericArray, slab: Slab): FloatArray => {
    const of = months.slice(...slab[timeAt]!);
    return monthsFrom(decode(variable, raw, file), product(countsOf(slab)), of, how);
  };
  const seconds = Float64Array.from(months, ({ month }) => startOf(month));
  return replaced(withTimes(dataset, source.along, seconds), view, {
    readRaw: (slab) => make(dataset.readRaw(name, daysOf(slab)), slab),
    async readPieces(slab, use) {
      let memory = new ArrayBuffer();
      for (const box of boxesOf(slab, chunks, Math.ceil(MOST_VALUES / perMonth))) {
        const days = daysOf(box);
        const bytes = ITEM_BYTES[type] * product(countsOf(days));
        if (memory.byteLength !== bytes) memory = new ArrayBuffer(bytes);
        await dataset.readPieces(name, days, (piece, values) => copyBox({ slab: piece, values }, days, memory));
        use(box, make(valuesOf(type, memory), box));
      }
    },
  });
}

/** @param values - the fields of the months, one after another */
function monthsFrom(
  values: FloatArray,
  length: number,
  months: readonly MonthOfDays[],
  how: MonthlyOrder["how"],
): FloatArray {
  const made = values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  const places = length / Math.max(1, months.length);
  const first = months[0]?.start ?? 0;
  const counts = new Uint32Array(places);
  for (const [i, { start, stop, least }] of months.entries()) {
    const into = made.subarray(i * places, (i + 1) * places);
    counts.fill(0);
    for (let field = start - first; field < stop - first; field++) {
      addField(values.subarray(field * places, (field + 1) * places), into, counts);
    }
    for (let place = 0; place < places; place++) {
      const count = counts[place]!;
      if (count < least) into[place] = Number.NaN;
      else if (how === "mean") into[place]! /= count;
    }
  }
  return made;
}

/** Adds what is not missing, in the type of the sums. */
function addField(field: FloatArray, sums: FloatArray, counts: Uint32Array): void {
  for (let place = 0; place < field.length; place++) {
    const value = field[place]!;
    if (Number.isNaN(value)) continue;
    sums[place]! += value;
    counts[place]!++;
  }
}
