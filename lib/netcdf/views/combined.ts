import type { Dataset, Slab, Variable } from "../dataset.ts";
import { read } from "../decode.ts";
import { decodedType } from "../decoded-type.ts";
import { findVariable, product } from "../slab.ts";
import { boxesOf } from "./boxes.ts";
import { reordered } from "./reordered.ts";
import { replaced } from "./replaced.ts";
import { withoutStorage } from "./storage.ts";

type FloatArray = Float32Array | Float64Array;

/** What is made of the values along some dimensions: their mean, or the first one of them; missing ones are left out. */
export type Combination = "mean" | "merge";

/** Values of the file that are read at once. */
const MOST_VALUES = 2 ** 20;

/**
 * A dataset with the values of a variable combined along some of its dimensions, which it has no longer. They are of the type
 * that the variable's decode to, NaN where all are missing.
 *
 * The sum of a mean is kept in double precision, and rounded once.
 *
 * @throws InputError `MissingVariable`, `NotNumeric`
 */
export function combined(
  dataset: Dataset,
  name: string,
  { along, how }: { readonly along: readonly string[]; readonly how: Combination },
): Dataset {
  if (along.length === 0) return dataset;
  const variable = findVariable(dataset, name);
  const kept = <T>(items: readonly T[]) => items.filter((_, d) => !along.includes(variable.dimensions[d]!));
  // What is combined lies side by side then: the first values of all places, then the second ones, and so on.
  const source = reordered(dataset, name, [...along, ...kept(variable.dimensions)]);
  const whole = along.map((dimension): Slab[number] => [0, variable.shape[variable.dimensions.indexOf(dimension)]!]);
  const count = product(whole.map(([, size]) => size));
  const chunks = kept(variable.chunks ?? variable.shape.map(() => 1));
  const view: Variable = {
    name,
    type: decodedType(variable, dataset.file),
    dimensions: kept(variable.dimensions),
    shape: kept(variable.shape),
    chunks,
    attributes: withoutStorage(variable.attributes, decodedType(variable, dataset.file)),
    madeOf: count * (variable.madeOf ?? 1),
  };
  const combine = how === "mean" ? meanOf : firstOf;
  const readRaw = (slab: Slab) => combine(read(source, name, [...whole, ...slab]), count);
  return replaced(dataset, view, {
    readRaw,
    async readPieces(slab, use) {
      for (const box of boxesOf(slab, chunks, Math.ceil(MOST_VALUES / count))) {
        use(box, readRaw(box));
        // Reading is synchronous: let progress be drawn, and time-outs be seen.
        await new Promise(setImmediate);
      }
    },
  });
}

/** @param values - shape (count, places), row-major */
function meanOf(values: FloatArray, count: number): FloatArray {
  const places = values.length / count;
  const means = values.slice(0, places);
  for (let place = 0; place < places; place++) {
    let [sum, present] = [0, 0];
    for (let at = place; at < values.length; at += places) {
      const value = values[at]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      present++;
    }
    means[place] = sum / present;
  }
  return means;
}

function firstOf(values: FloatArray, count: number): FloatArray {
  const places = values.length / count;
  const first = values.slice(0, places);
  for (let place = 0; place < places; place++) {
    for (let at = place + places; at < values.length && Number.isNaN(first[place]); at += places) {
      first[place] = values[at]!;
    }
  }
  return first;
}
