import type { Dataset, Slab, Variable } from "../dataset.ts";
import { countsOf, findVariable, product } from "../slab.ts";
import { replaced } from "./replaced.ts";

/**
 * A dataset in which a coordinate of one value is a dimension of a variable, its first one.
 *
 * @throws InputError `MissingVariable`
 */
export function withDimension(dataset: Dataset, name: string, source: Variable): Dataset {
  const { chunks: _, ...coordinate } = source;
  const along: Variable = { ...coordinate, dimensions: [coordinate.name], shape: [1] };
  const placed = replaced(dataset, along, {
    readRaw: (slab) => dataset.readRaw(coordinate.name).slice(0, product(countsOf(slab))),
    async readPieces(slab, use) {
      if (!isEmpty(slab)) use(slab, dataset.readRaw(coordinate.name));
    },
  });
  const variable = findVariable(dataset, name);
  const view: Variable = {
    ...variable,
    dimensions: [coordinate.name, ...variable.dimensions],
    shape: [1, ...variable.shape],
    ...(variable.chunks === undefined ? {} : { chunks: [1, ...variable.chunks] }),
  };
  return replaced(placed, view, {
    readRaw: ([time, ...stored]) =>
      dataset.readRaw(name, isEmpty([time!]) ? stored.map(() => [0, 0] as const) : stored),
    async readPieces([time, ...stored], use) {
      if (isEmpty([time!])) return;
      await dataset.readPieces(name, stored, (piece, values) => use([time!, ...piece], values));
    },
  });
}

function isEmpty(slab: Slab): boolean {
  return countsOf(slab).includes(0);
}
