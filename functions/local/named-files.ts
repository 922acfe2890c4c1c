import { InputError } from "../../lib/errors.ts";
import type { RunInputs } from "../../lib/run/inputs.ts";
import { defaultProduct, findProduct, type Product } from "../../lib/run/product.ts";
import type { Encoding } from "../../lib/stations/encoding.ts";
import type { InputFile } from "../../lib/store/input-file.ts";

/** What a run is given to read, as its user names it. Files are paths, or `s3://bucket/key`. */
export interface NamedFiles {
  readonly observations: string;
  readonly forecast: string;
  readonly stations: string;
  /** Of a station table that is text; found out by default. */
  readonly encoding?: Encoding;
  /** Of a product with a climatology of its own. */
  readonly climatology?: string;
  /** Which product to make; {@link defaultProduct} by default. */
  readonly product?: string;
  /** A `products.json`. */
  readonly products?: string;
}

/** The product of that name, or the one that is meant where none is named. @throws InputError `BadProduct` */
export function productOf(defined: readonly Product[], name: string | undefined): Product {
  return name === undefined ? defaultProduct(defined) : findProduct(defined, name);
}

/** The inputs of a run. @throws InputError `BadOption` for a climatology that is missing, or not asked for */
export function inputsOf(files: NamedFiles, product: Product, fileOf: (place: string) => InputFile): RunInputs {
  return {
    observations: fileOf(files.observations),
    forecast: fileOf(files.forecast),
    stations: fileOf(files.stations),
    climatology: climatologyOf(product, files.climatology, fileOf),
    encoding: files.encoding,
  };
}

function climatologyOf(product: Product, given: string | undefined, fileOf: (place: string) => InputFile) {
  const wanted = product.observations.climatology;
  if (wanted !== undefined && given === undefined) {
    throw new InputError("BadOption", `product "${product.name}" has a climatology of its own, ${wanted.key}`, {
      hint: "Name that file with --climatology",
    });
  }
  if (wanted === undefined && given !== undefined) {
    throw new InputError("BadOption", `product "${product.name}" computes its climatology, and takes none of a file`, {
      hint: "Leave --climatology out, or set observations.climatology of the product",
    });
  }
  return given === undefined ? undefined : fileOf(given);
}
