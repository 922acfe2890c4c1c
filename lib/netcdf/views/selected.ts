import type { Dataset, Slab, Variable } from "../dataset.ts";
import { findVariable } from "../slab.ts";
import { replaced } from "./replaced.ts";

/**
 * A dataset with one position of some dimensions of a variable, which has those dimensions no longer. Its values are as they
 * are stored.
 *
 * @param positions - by dimension of the variable
 * @throws InputError `MissingVariable`
 */
export function selected(dataset: Dataset, name: string, positions: ReadonlyMap<string, number>): Dataset {
  if (positions.size === 0) return dataset;
  const variable = findVariable(dataset, name);
  const isKept = variable.dimensions.map((dimension) => !positions.has(dimension));
  const kept = <T>(items: readonly T[]) => items.filter((_, d) => isKept[d]);
  const asStored = (slab: Slab): Slab => {
    const ranges = slab.values();
    return variable.dimensions.map((dimension) => {
      const position = positions.get(dimension);
      return position === undefined ? ranges.next().value! : [position, position + 1];
    });
  };
  const view: Variable = {
    ...variable,
    dimensions: kept(variable.dimensions),
    shape: kept(variable.shape),
    ...(variable.chunks === undefined ? {} : { chunks: kept(variable.chunks) }),
  };
  return replaced(dataset, view, {
    readRaw: (slab) => dataset.readRaw(name, asStored(slab)),
    readPieces: (slab, use) => dataset.readPieces(name, asStored(slab), (piece, values) => use(kept(piece), values)),
  });
}
