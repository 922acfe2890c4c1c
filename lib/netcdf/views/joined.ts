import { InputError } from "../../errors.ts";
import type { Attributes, Dataset, NumericArray, NumericType, Slab, UsePiece, Variable } from "../dataset.ts";
import { decode } from "../decode.ts";
import { valuesOf } from "../numeric-types.ts";
import { checkPieces } from "../slab.ts";
import { requireAlike } from "./alike.ts";
import { type KnownPart, lookAt, type Part } from "./part.ts";

/** What is joined, and how. */
export interface JoinOrder {
  readonly variable: string;
  /** What messages call all of the files together. */
  readonly file: string;
  /** The period that values are for, such as the month: no two files may have the same. */
  readonly periodOf: (seconds: number) => string;
}

/**
 * Several files as one dataset: the times of all in order, each with the values of its file. Where the files pack their values
 * differently, they are unpacked. The dataset has the variable and its three coordinates; the variable's values are read in
 * pieces alone, with one file open at a time.
 *
 * @throws InputError `BadDimensions`, `BadAxis`, `BadUnits` where a file differs from the first one, and names both; `BadTime`
 *   where two have the same period; and as opening them, and finding their coordinates, does
 */
export async function joinedAlongTime(parts: readonly Part[], order: JoinOrder): Promise<Dataset> {
  const known: KnownPart[] = [];
  for (const part of parts) {
    const next = await lookAt(part, order.variable);
    if (known[0] !== undefined) requireAlike(known[0], next);
    known.push(next);
  }
  const [first] = known;
  if (first === undefined) throw new TypeError("there is no part to join");
  const times = inOrder(known, order);
  const moved = known.reduce((sum, part) => sum + part.moved, 0);
  return { ...datasetOf(first, times, storageOf(known), order), moved };
}

/** Where the values of a time are. */
interface Placed {
  readonly seconds: number;
  readonly part: KnownPart;
  readonly index: number;
}

/** The times of all, in order. @throws InputError `BadTime` where two files have one of the same period */
function inOrder(parts: readonly KnownPart[], { periodOf }: JoinOrder): Placed[] {
  const all = parts.flatMap((part) => Array.from(part.times, (seconds, index): Placed => ({ seconds, part, index })));
  all.sort((a, b) => a.seconds - b.seconds);
  for (const [i, { seconds, part }] of all.entries()) {
    const before = all[i - 1];
    if (before === undefined || before.part === part || periodOf(before.seconds) !== periodOf(seconds)) continue;
    const [one, other] = [before.part.file, part.file].sort();
    throw new InputError("BadTime", `has ${periodOf(seconds)}, and so has ${one}`, {
      file: other!,
      hint: "Name the files so that each period is in one of them",
    });
  }
  return all;
}

/** How the values of all are given. */
interface Storage {
  readonly type: NumericType;
  readonly attributes: Attributes;
  /** Of each file, as they are stored there. */
  readonly convert: (values: NumericArray, part: KnownPart) => NumericArray;
}

/** Attributes that say what stored values mean. */
const PACKING = ["_FillValue", "missing_value", "valid_min", "valid_max", "valid_range", "scale_factor", "add_offset"];
PACKING.push("_Unsigned");

/** As the first file has them, if all have them so; else decoded. */
function storageOf(parts: readonly KnownPart[]): Storage {
  const [{ variable, type }] = parts as readonly [KnownPart];
  const packingOf = (part: KnownPart) =>
    JSON.stringify([part.type, PACKING.map((name) => part.variable.attributes[name] ?? null)]);
  if (new Set(parts.map(packingOf)).size === 1) {
    return { type, attributes: variable.attributes, convert: (values) => values };
  }
  const single = parts.every((part) => decoded(valuesOf(part.type, new ArrayBuffer()), part) instanceof Float32Array);
  const attributes = Object.entries(variable.attributes).filter(([name]) => !PACKING.includes(name));
  return {
    type: single ? "float32" : "float64",
    attributes: Object.fromEntries(attributes),
    convert(values, part) {
      // Floats are decoded in place, and may be needed again by who read them.
      const numbers = decoded(values.slice(), part);
      return single || numbers instanceof Float64Array ? numbers : Float64Array.from(numbers);
    },
  };
}

function decoded(values: NumericArray, { variable, file }: KnownPart): Float32Array | Float64Array {
  return decode(variable, values, file);
}

function datasetOf(first: KnownPart, times: readonly Placed[], storage: Storage, { file }: JoinOrder): Dataset {
  const { name } = first.variable;
  const names = first.at.map((d) => first.variable.dimensions[d]!) as [string, string, string];
  const [time, lat, lon] = names;
  const axis = (dimension: string, values: ArrayLike<number>, attributes: Attributes): [string, Variable] => [
    dimension,
    { name: dimension, type: "float64", dimensions: [dimension], shape: [values.length], attributes },
  ];
  const text = (value: string) => ({ type: "char", value }) as const;
  const seconds = times.map((placed) => placed.seconds);
  const shape = [times.length, first.lat.length, first.lon.length];
  const chunks = first.variable.chunks;
  const variables = new Map<string, Variable>([
    axis(time, seconds, { standard_name: text("time"), units: text("seconds since 1970-01-01 00:00:00") }),
    axis(lat, first.lat, { standard_name: text("latitude"), units: text("degrees_north") }),
    axis(lon, first.lon, { standard_name: text("longitude"), units: text("degrees_east") }),
    [
      name,
      {
        name,
        type: storage.type,
        dimensions: names,
        shape,
        attributes: storage.attributes,
        ...(chunks === undefined ? {} : { chunks: first.at.map((d) => chunks[d]!) }),
      },
    ],
  ]);
  const axes = new Map([
    [time, Float64Array.from(seconds)],
    [lat, Float64Array.from(first.lat)],
    [lon, Float64Array.from(first.lon)],
  ]);
  return {
    file,
    format: "several files",
    dimensions: new Map(
      names.map((dimension, d) => [dimension, { name: dimension, size: shape[d]!, unlimited: d === 0 }]),
    ),
    variables,
    attributes: first.attributes,
    readRaw(wanted, slab) {
      const {
        slab: [range],
      } = checkPieces({ file, variables }, wanted, slab);
      const values = axes.get(wanted);
      if (values === undefined) throw new TypeError(`"${wanted}" of several files is read in pieces`);
      return values.slice(...range!);
    },
    async readPieces(wanted, slab, use) {
      const read = checkPieces({ file, variables }, wanted, slab);
      const values = axes.get(wanted);
      if (values !== undefined) use(read.slab, values.slice(...read.slab[0]!));
      else await readParts(times, read.slab as readonly [Range, Range, Range], storage, use);
    },
    close() {},
  };
}

type Range = Slab[number];

/** Reads a slab run by run: times that follow each other in one file. */
async function readParts(
  times: readonly Placed[],
  [[start, stop], lats, lons]: readonly [Range, Range, Range],
  { convert }: Storage,
  use: UsePiece,
): Promise<void> {
  for (let from = start; from < stop; ) {
    const { part, index } = times[from]!;
    let to = from + 1;
    while (to < stop && times[to]!.part === part && times[to]!.index === index + to - from) to++;
    const [timeAt, latAt, lonAt] = part.at;
    const ranges = new Map<number, Range>([
      [timeAt, [index, index + to - from]],
      [latAt, lats],
      [lonAt, lons],
    ]);
    const later = from - index;
    const dataset = await part.open();
    try {
      const slab = part.variable.dimensions.map((_, d) => ranges.get(d) ?? ([0, 1] as const));
      await dataset.readPieces(part.variable.name, slab, (piece, values) => {
        const [first, end] = piece[timeAt]!;
        use([[first + later, end + later], piece[latAt]!, piece[lonAt]!], convert(values, part));
      });
    } finally {
      dataset.close();
    }
    from = to;
  }
}
