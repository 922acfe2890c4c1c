import type { Dataset, Variable } from "../dataset.ts";
import { checkPieces, checkRead } from "../slab.ts";

/**
 * A dataset with other times along a dimension: that has their coordinate alone. Variables along it, of as many values as it
 * had, are there no longer.
 *
 * @param seconds - UTC since 1970
 */
export function withTimes(dataset: Dataset, dimension: string, seconds: Float64Array): Dataset {
  const { file, format, attributes } = dataset;
  const text = (value: string) => ({ type: "char", value }) as const;
  const coordinate: Variable = {
    name: dimension,
    type: "float64",
    dimensions: [dimension],
    shape: [seconds.length],
    attributes: { standard_name: text("time"), units: text("seconds since 1970-01-01 00:00:00") },
  };
  const others = [...dataset.variables].filter(([, { dimensions }]) => !dimensions.includes(dimension));
  const variables = new Map(others).set(dimension, coordinate);
  const size = { name: dimension, size: seconds.length, unlimited: false };
  return {
    file,
    format,
    dimensions: new Map(dataset.dimensions).set(dimension, size),
    variables,
    attributes,
    readRaw(name, wanted) {
      if (name !== dimension)
        return dataset.readRaw(checkRead({ file, variables }, name, wanted).variable.name, wanted);
      const [range] = checkRead({ file, variables }, name, wanted).slab;
      return seconds.slice(...range!);
    },
    async readPieces(name, wanted, use, placeOf) {
      const { slab } = checkPieces({ file, variables }, name, wanted);
      if (name !== dimension) return dataset.readPieces(name, slab, use, placeOf);
      use(slab, seconds.slice(...slab[0]!));
    },
    close: () => dataset.close(),
  };
}
