import { brokenFile, InputError } from "../../errors.ts";
import type { Attributes, Dataset, NumericArray, Slab, Variable } from "../dataset.ts";
import { ITEM_BYTES, valuesOf } from "../numeric-types.ts";
import { readInPieces } from "../pieces.ts";
import type { RandomAccess } from "../random-access.ts";
import { checkPieces, checkRead, countsOf, product, type Read, type ReadFrom } from "../slab.ts";
import { Coordinates, text } from "./coordinates.ts";
import type { Field } from "./field.ts";
import { type Index, readIndex, told } from "./messages.ts";
import { type DecodeImage, loadJpeg2000 } from "./packing/jpeg2000.ts";
import { readField } from "./values.ts";
import { type GribVariable, type Repeated, type Variables, variablesOf } from "./variables.ts";

/** Values that any file may have for one read, and how many for each byte of a larger one: fields of one value take no room. */
const MOST_VALUES = 2 ** 24;
const VALUES_PER_BYTE = 256;

/**
 * A file of GRIB messages, as cfgrib presents it. Headers are read now, and values when they are asked for. The dataset
 * closes `access`.
 *
 * @param file - what messages call it
 * @throws InputError `BrokenFile`, `UnsupportedFormat`, `TooLarge`
 */
export async function openGrib(access: RandomAccess, file: string): Promise<Dataset> {
  const index = readIndex(access, file);
  const coordinates = new Coordinates();
  const found = variablesOf(index.fields, coordinates, file);
  const gridded = new Map(found.variables.map((v) => [v.variable.name, v]));
  const all = [...coordinates.variables, ...found.variables.map(({ variable }) => variable)];
  const variables = new Map(all.map((variable) => [variable.name, variable]));
  if (variables.size < all.length) throw brokenFile("has a variable with the name of a coordinate", { file });
  const hasImages = index.fields.some(({ packing }) => packing.kind === "jpeg2000");
  const disputed = disputedOf(access, found.repeated);
  const fields = new FieldReader(access, file, hasImages ? await loadJpeg2000() : undefined);
  const from: ReadFrom = { file, variables, mostValues: Math.max(MOST_VALUES, VALUES_PER_BYTE * access.size) };

  function readSlab({ variable, slab }: Read): NumericArray {
    const values = coordinates.valuesOf(variable.name);
    if (values !== undefined) return partOf(values, variable, slab);
    requireOne(variable.name, disputed, file);
    return gridSlab(gridded.get(variable.name)!, slab, fields);
  }
  return {
    file,
    format: index.fields[0]!.edition === 1 ? "GRIB 1" : "GRIB 2",
    dimensions: coordinates.dimensions,
    variables,
    attributes: globalAttributes(index, found),
    readRaw: (name, wanted) => readSlab(checkRead(from, name, wanted)),
    readPieces: (name, wanted, use) =>
      readInPieces(checkPieces(from, name, wanted), (slab) => readSlab(checkRead(from, name, slab)), use),
    close: () => access.close(),
  };
}

/** For each variable the first field that is there again with other values. */
function disputedOf(access: RandomAccess, repeated: readonly Repeated[]): ReadonlyMap<string, Repeated> {
  const bytesOf = ({ data }: Field) => {
    const bytes = Buffer.alloc(data.length);
    access.read(data.offset, bytes);
    return bytes;
  };
  const disputed = new Map<string, Repeated>();
  for (const pair of repeated) {
    const { variable, first, again } = pair;
    const same = first.data.length === again.data.length && bytesOf(first).equals(bytesOf(again));
    if (!same && !disputed.has(variable)) disputed.set(variable, pair);
  }
  return disputed;
}

/** Which one is meant nobody can know here. @throws InputError `UnsupportedFormat` */
function requireOne(variable: string, disputed: ReadonlyMap<string, Repeated>, file: string): void {
  const pair = disputed.get(variable);
  if (pair === undefined) return;
  const { first, again } = pair;
  throw new InputError(
    "UnsupportedFormat",
    `messages ${first.message} and ${again.message} are the same field of "${variable}" with other values`,
    { file, hint: `Keep one of them, e.g. grib_copy -w count!=${again.message} in.grib out.grib` },
  );
}

/** Reads fields, and keeps the last one: pieces of it are often asked for one after another. */
class FieldReader {
  readonly #access: RandomAccess;
  readonly #file: string;
  readonly #decodeImage: DecodeImage | undefined;
  #last: { readonly field: Field; readonly values: Float64Array } | undefined;

  constructor(access: RandomAccess, file: string, decodeImage: DecodeImage | undefined) {
    this.#access = access;
    this.#file = file;
    this.#decodeImage = decodeImage;
  }

  valuesOf(field: Field): Float64Array {
    if (this.#last?.field !== field) {
      this.#last = undefined;
      const values = told(this.#file, field.message, () => readField(this.#access, field, this.#decodeImage));
      this.#last = { field, values };
    }
    return this.#last.values;
  }
}

/** The values of a slab, NaN where there is no field. */
function gridSlab({ variable, fields }: GribVariable, slab: Slab, reader: FieldReader): NumericArray {
  const type = variable.type === "float64" ? "float64" : "float32";
  const counts = countsOf(slab);
  const values = valuesOf(type, new ArrayBuffer(ITEM_BYTES[type] * product(counts))) as Float32Array | Float64Array;
  const [outer, [rows, columns]] = [slab.slice(0, -2), slab.slice(-2) as [Slab[number], Slab[number]]];
  const width = columns[1] - columns[0];
  if (values.length === 0) return values;
  let at = 0;
  for (const position of positionsOf(outer, variable.shape)) {
    const field = fields[position];
    const all = field === undefined ? undefined : reader.valuesOf(field);
    for (let row = rows[0]; row < rows[1]; row++, at += width) {
      const start = row * variable.shape.at(-1)! + columns[0];
      if (all === undefined) values.fill(Number.NaN, at, at + width);
      else values.set(all.subarray(start, start + width), at);
    }
  }
  return values;
}

/** Of a slab's values, one after another, where they are in the whole. */
function positionsOf(slab: Slab, shape: readonly number[]): number[] {
  return slab.reduce<number[]>(
    (positions, [start, stop], d) =>
      positions.flatMap((at) => Array.from({ length: stop - start }, (_, i) => at * shape[d]! + start + i)),
    [0],
  );
}

function partOf(values: Float64Array, { shape }: Variable, slab: Slab): Float64Array {
  return Float64Array.from(positionsOf(slab, shape), (position) => values[position]!);
}

/** Names of centres, as ecCodes has them. */
const CENTRES: ReadonlyMap<number, readonly [name: string, description: string]> = new Map([
  [7, ["kwbc", "US National Weather Service - NCEP"]],
  [34, ["rjtd", "Japanese Meteorological Agency - Tokyo"]],
  [38, ["babj", "Beijing"]],
  [54, ["cwao", "Canadian Meteorological Service - Montreal"]],
  [74, ["egrr", "U.K. Met Office - Exeter"]],
  [78, ["edzw", "Offenbach"]],
  [80, ["cnmc", "Rome"]],
  [85, ["lfpw", "French Weather Service - Toulouse"]],
  [98, ["ecmf", "European Centre for Medium-Range Weather Forecasts"]],
]);

/** Of what is not used it says so: nobody looks for what is not there. */
function globalAttributes({ fields, refused }: Index, { repeated }: Variables): Attributes {
  const { edition, centre } = fields[0]!;
  const [name, description] = CENTRES.get(centre) ?? [String(centre), `centre ${centre}`];
  const unread = Array.from(refused, ([reason, count]) => `${count} ${count === 1 ? "field" : "fields"}: ${reason}`);
  const numbers = repeated.slice(0, MOST_TOLD).map(({ again }) => again.message);
  return {
    GRIB_edition: { type: "int32", value: [edition] },
    GRIB_centre: text(name),
    Conventions: text("CF-1.7"),
    institution: text(description),
    ...(unread.length === 0 ? {} : { GRIB_not_read: text(unread.join("; ")) }),
    ...(repeated.length === 0
      ? {}
      : {
          GRIB_repeated: text(
            `${repeated.length} fields are there before, such as those of messages ${numbers.join(", ")}`,
          ),
        }),
  };
}

const MOST_TOLD = 20;
