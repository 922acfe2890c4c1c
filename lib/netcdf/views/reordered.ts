import type { Dataset, NumericArray, NumericType, Slab, Variable } from "../dataset.ts";
import { ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { countsOf, findNumeric, findVariable, product } from "../slab.ts";
import { replaced } from "./replaced.ts";
import { transposed } from "./transposed.ts";

/**
 * A dataset with the dimensions of a variable in another order. Its values are put in that order as they are read, piece by
 * piece.
 *
 * @param dimensions - all of the variable's
 * @throws InputError `MissingVariable`, `NotNumeric`
 */
export function reordered(dataset: Dataset, name: string, dimensions: readonly string[]): Dataset {
  if (findVariable(dataset, name).dimensions.every((dimension, i) => dimension === dimensions[i])) return dataset;
  const { variable, type } = findNumeric(dataset, name);
  const order = dimensions.map((dimension) => variable.dimensions.indexOf(dimension));
  const inOrder = <T>(items: readonly T[]) => order.map((from) => items[from]!);
  const asStored = (slab: Slab): Slab => variable.shape.map((_, from) => slab[order.indexOf(from)]!);
  const put = (values: NumericArray, stored: Slab, memory?: ArrayBuffer): NumericArray => {
    const counts = countsOf(stored);
    const into = valuesOf(type, memory ?? memoryFor(type, counts));
    transposed(values, counts, order, into);
    return into;
  };
  const view: Variable = {
    ...variable,
    dimensions,
    shape: inOrder(variable.shape),
    chunks: inOrder(chunksOf(variable, order)),
  };
  return replaced(dataset, view, {
    readRaw(slab) {
      const stored = asStored(slab);
      return put(dataset.readRaw(name, stored), stored);
    },
    async readPieces(slab, use) {
      let memory = new ArrayBuffer();
      await dataset.readPieces(name, asStored(slab), (piece, values) => {
        if (memory.byteLength !== values.byteLength) memory = memoryFor(type, countsOf(piece));
        use(inOrder(piece), put(values, piece, memory));
      });
    },
  });
}

function memoryFor(type: NumericType, counts: readonly number[]): ArrayBuffer {
  return new ArrayBuffer(ITEM_BYTES[type] * product(counts));
}

/**
 * The chunks, in the order of the file. Of the dimension that comes first in the view they have all positions where the file
 * gives those of another one first: then its pieces come with all of them, or again and again.
 */
function chunksOf({ shape, chunks }: Variable, order: readonly number[]): readonly number[] {
  const stored = chunks ?? shape.map((size, d) => (d === shape.length - 1 ? size : 1));
  const first = order.find((d) => shape[d]! > 1) ?? 0;
  const before = shape.slice(0, first).some((size, d) => size > stored[d]!);
  return stored.map((count, d) => (d === first && before ? shape[d]! : count));
}
