import type { Attribute, Dataset } from "../dataset.ts";
import { findVariable } from "../slab.ts";

/** A dataset whose variable of that name says other units; the very dataset where there are none. @throws InputError `MissingVariable` */
export function withUnits(dataset: Dataset, name: string, units: string | undefined): Dataset {
  if (units === undefined) return dataset;
  const { file, format, dimensions, attributes, moved } = dataset;
  const variable = findVariable(dataset, name);
  const text: Attribute = { type: "char", value: units };
  const changed = { ...variable, attributes: { ...variable.attributes, units: text } };
  return {
    file,
    format,
    dimensions,
    variables: new Map(dataset.variables).set(name, changed),
    attributes,
    ...(moved === undefined ? {} : { moved }),
    readRaw: (wanted, slab) => dataset.readRaw(wanted, slab),
    readPieces: (wanted, slab, use, placeOf) => dataset.readPieces(wanted, slab, use, placeOf),
    close: () => dataset.close(),
  };
}
