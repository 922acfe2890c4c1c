import { InputError } from "../../lib/errors.ts";
import { defaultProduct } from "../../lib/run/built-in-products.ts";
import type { ArchiveInput, RunInputs } from "../../lib/run/inputs.ts";
import { findProduct, type Product } from "../../lib/run/product.ts";
import type { Encoding } from "../../lib/stations/encoding.ts";
import type { InputFile } from "../../lib/store/input-file.ts";

/** What a run is given to read, as its user names it. Files are paths, or `s3://bucket/key`; of observations, also a pattern. */
export interface NamedFiles {
  readonly observations: string;
  readonly forecast: string;
  readonly stations: string;
  /** Of a station table that is text; found out by default. */
  readonly encoding?: Encoding;
  /** Of a product with a climatology of its own. */
  readonly climatology?: string;
  /** Hindcasts, or their climatology, of a product that takes it off its forecasts; several files by a pattern. */
  readonly forecastClimatology?: string;
  /** Which product to make; {@link defaultProduct} by default. */
  readonly product?: string;
  /** A `products.json`. */
  readonly products?: string;
}

/** The product of that name, or the one that is meant where none is named. @throws InputError `BadProduct` */
export function productOf(defined: readonly Product[], name: string | undefined): Product {
  return name === undefined ? defaultProduct(defined) : findProduct(defined, name);
}

/** What opens what a user names. */
export interface OpenPlaces {
  readonly fileOf: (place: string) => InputFile;
  readonly archiveOf: (place: string) => ArchiveInput;
}

/** What runs read that differ in their forecasts alone. */
export type SharedInputs = Omit<RunInputs, "forecast" | "beside">;

/** The inputs of runs but their forecasts. @throws InputError `BadOption` for a climatology that is missing, or not asked for */
export function inputsOf(
  files: Omit<NamedFiles, "forecast">,
  product: Product,
  { fileOf, archiveOf }: OpenPlaces,
): SharedInputs {
  return {
    observations: archiveOf(files.observations),
    stations: fileOf(files.stations),
    climatology: climatologyOf(product, files.climatology, fileOf),
    hindcasts: hindcastsOf(product, files.forecastClimatology, archiveOf),
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

function hindcastsOf(product: Product, given: string | undefined, archiveOf: (place: string) => ArchiveInput) {
  const wanted = product.forecast.climatology;
  if (wanted !== undefined && given === undefined) {
    throw new InputError("BadOption", `product "${product.name}" takes hindcasts off its forecasts, ${wanted.key}`, {
      hint: "Name their file, or their climatology, with --forecast-climatology",
    });
  }
  if (wanted === undefined && given !== undefined) {
    throw new InputError(
      "BadOption",
      `product "${product.name}" takes its forecasts as they are, and no climatology off`,
      {
        hint: "Leave --forecast-climatology out, or set forecast.climatology of the product",
      },
    );
  }
  return given === undefined ? undefined : archiveOf(given);
}
