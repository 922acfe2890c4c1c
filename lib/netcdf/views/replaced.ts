import type { Dataset, NumericArray, Slab, UsePiece, Variable } from "../dataset.ts";
import { checkPieces, checkRead } from "../slab.ts";

/** How a view reads the variable that it makes anew; slabs are inside of it. */
export interface ViewReads {
  readRaw(slab: Slab): NumericArray;
  readPieces(slab: Slab, use: UsePiece): Promise<void>;
}

/** A dataset with one variable in the place of the one of that name, or beside the others; closing it closes the dataset. */
export function replaced(dataset: Dataset, variable: Variable, reads: ViewReads): Dataset {
  const { file, format, attributes } = dataset;
  const variables = new Map(dataset.variables).set(variable.name, variable);
  const dimensions = new Map(dataset.dimensions);
  for (const [d, name] of variable.dimensions.entries()) {
    if (!dimensions.has(name)) dimensions.set(name, { name, size: variable.shape[d]!, unlimited: false });
  }
  return {
    file,
    format,
    dimensions,
    variables,
    attributes,
    readRaw(name, wanted) {
      if (name !== variable.name) return dataset.readRaw(name, wanted);
      return reads.readRaw(checkRead({ file, variables }, name, wanted).slab);
    },
    async readPieces(name, wanted, use) {
      if (name !== variable.name) return dataset.readPieces(name, wanted, use);
      return reads.readPieces(checkPieces({ file, variables }, name, wanted).slab, use);
    },
    close: () => dataset.close(),
  };
}
