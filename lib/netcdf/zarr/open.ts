import { brokenFile, InputError } from "../../errors.ts";
import type { Attributes, Dataset, Dimension, Variable } from "../dataset.ts";
import { isNumeric } from "../numeric-types.ts";
import { checkPieces, checkRead, countsOf, product } from "../slab.ts";
import { chunkOf, type ZarrArray } from "./array.ts";
import { attributesOf, decodedFill, withFill } from "./attributes.ts";
import { readSlab, ZarrChunks } from "./chunks.ts";
import { readMetadata } from "./metadata.ts";
import { isZarr, ZarrFolder } from "./store.ts";

export { isZarr };

/** As of NetCDF-4 files: values of one read that a small array may have, and for each of its bytes. */
const FEW_VALUES = 2 ** 24;
const VALUES_FOR_A_BYTE = 256;

/** Pieces between which others have their turn. */
const PIECES_AT_ONCE = 32;

/**
 * A folder that holds a store of Zarr, version 2 or 3, with the arrays of its root group. Of a field only the chunks are read
 * that are asked for, one at a time.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`, `UnsupportedFormat`, `FileNotFound`
 */
export async function openZarr(path: string, file: string): Promise<Dataset> {
  const folder = new ZarrFolder(path, file);
  const { version, arrays, attributes } = await readMetadata(folder);
  const dimensions = new Map<string, Dimension>();
  const variables = new Map<string, Variable>();
  const chunks = new Map<string, ZarrChunks>();
  for (const array of arrays) {
    const variable = variableOf(array, version);
    addDimensions(dimensions, variable, file);
    variables.set(array.name, variable);
    if (isNumeric(array.type)) chunks.set(array.name, new ZarrChunks(folder, array, array.type));
  }
  const header = { file, variables };
  return {
    file,
    format: version === 2 ? "Zarr 2" : "Zarr 3",
    dimensions,
    variables,
    attributes: attributesOf(attributes),
    readRaw(name, wanted) {
      const { type, slab } = checkRead(header, name, wanted);
      if (product(countsOf(slab)) > FEW_VALUES) {
        // What was never written takes no byte at all.
        checkRead({ ...header, mostValues: VALUES_FOR_A_BYTE * folder.sizeOf(name) }, name, slab);
      }
      return readSlab(chunks.get(name)!, slab, type);
    },
    async readPieces(name, wanted, use) {
      const { type, slab } = checkPieces(header, name, wanted);
      const its = chunks.get(name)!;
      for (const { part, position } of its.partsOf(slab)) {
        use(part, readSlab(its, part, type));
        // Reading is synchronous: let progress be drawn, and time-outs be seen.
        if (position % PIECES_AT_ONCE === 0) await new Promise(setImmediate);
      }
    },
    close() {},
  };
}

function variableOf(array: ZarrArray, version: 2 | 3): Variable {
  const { name, type, shape, fill, fillIsMissing } = array;
  const dimensions = array.dimensions ?? shape.map((_, d) => `${name}_${d}`);
  const plain: Attributes = attributesOf(array.attributes);
  return {
    name,
    type,
    dimensions,
    shape,
    attributes: version === 2 ? withFill(plain, type, fillIsMissing ? fill : undefined) : decodedFill(plain, type),
    chunks: chunkOf(array).shape,
  };
}

/** @throws InputError `BrokenFile` where two arrays have a dimension of two sizes, or a name too many */
function addDimensions(known: Map<string, Dimension>, { name, dimensions, shape }: Variable, file: string): void {
  if (dimensions.length !== shape.length) {
    throw brokenFile(`"${name}" has ${shape.length} dimensions, and names for ${dimensions.length}`, { file });
  }
  for (const [d, dimension] of dimensions.entries()) {
    const size = shape[d]!;
    const before = known.get(dimension);
    if (before !== undefined && before.size !== size) {
      throw new InputError(
        "BrokenFile",
        `dimension ${dimension} has ${size} values in "${name}", and ${before.size} elsewhere`,
        {
          file,
          hint: "It may have been read while it was written: read it again",
        },
      );
    }
    known.set(dimension, { name: dimension, size, unlimited: false });
  }
}
