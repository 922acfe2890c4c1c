import type { Dataset } from "../dataset.ts";

/** The dataset; after it is closed, `last` is done. */
export function closing(dataset: Dataset, last: () => void): Dataset {
  const { file, format, dimensions, variables, attributes } = dataset;
  return {
    file,
    format,
    dimensions,
    variables,
    attributes,
    readRaw: (name, slab) => dataset.readRaw(name, slab),
    readPieces: (name, slab, use, placeOf) => dataset.readPieces(name, slab, use, placeOf),
    close() {
      dataset.close();
      last();
    },
  };
}
