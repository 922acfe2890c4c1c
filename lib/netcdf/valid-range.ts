import { InputError } from "../errors.ts";
import type { Dataset, Slab, Variable } from "./dataset.ts";
import { decode, RANGES, withoutRange } from "./decode.ts";
import { findVariable } from "./slab.ts";
import { findTimeSource } from "./time-source.ts";
import { boxesOf } from "./views/boxes.ts";
import { replaced } from "./views/replaced.ts";

/** A dataset with all values of a variable valid, but those that are missing: nothing is said of their range. */
export function allValid(dataset: Dataset, name: string): Dataset {
  return replaced(dataset, withoutRange(findVariable(dataset, name)), {
    readRaw: (slab) => dataset.readRaw(name, slab),
    readPieces: (slab, use) => dataset.readPieces(name, slab, use),
  });
}

/** Fields that are looked at, and values of them at once. */
const [MOST_FIELDS, MOST_VALUES] = [12, 2 ** 18];

/**
 * Checks some fields of a file, from the first to the last one, before a view makes others of them: {@link requireInRange}.
 *
 * @throws InputError `BadRange` where they have values, and none that is valid
 */
export function requireFieldsInRange(dataset: Dataset, { variable, field }: Omit<RangeCheck, "slabs">): void {
  requireInRange(dataset, { variable, field, slabs: someFields(dataset, variable) });
}

function* someFields(dataset: Dataset, name: string): Generator<Slab> {
  const { dimensions, shape, chunks = shape.map(() => 1) } = findVariable(dataset, name);
  const along = findTimeSource(dataset, name)?.along;
  const count = shape[dimensions.findIndex((dimension) => dimension === along)] ?? 1;
  for (const at of evenly(count, MOST_FIELDS)) {
    const slab = shape.map((size, d): Slab[number] => (dimensions[d] === along ? [at, at + 1] : [0, size]));
    yield* boxesOf(slab, chunks, MOST_VALUES);
  }
}

/** Up to `most` positions among `count`, as far apart as can be. */
export function evenly(count: number, most: number): readonly number[] {
  const last = Math.min(count, most) - 1;
  return Array.from({ length: last + 1 }, (_, i) => (last === 0 ? 0 : Math.round((i * (count - 1)) / last)));
}

/** What is looked at of a variable. */
export interface RangeCheck {
  readonly variable: string;
  /** Looked at in turn, until a value is inside of the range. */
  readonly slabs: Iterable<Slab>;
  /** The field of a product that makes a run go on without the range. */
  readonly field: string;
}

/**
 * Checks that values which are all missing are not so because of a range that is not theirs, such as one in degrees Celsius
 * of values in kelvins. Nothing is read of a variable without a range.
 *
 * @throws InputError `BadRange` where all values are outside of the valid range
 */
export function requireInRange(dataset: Dataset, { variable: name, slabs, field }: RangeCheck): void {
  const variable = findVariable(dataset, name);
  const every = withoutRange(variable);
  if (every === variable) return;
  let [low, high] = [Infinity, -Infinity];
  for (const slab of slabs) {
    const read = (as: Variable) => decode(as, dataset.readRaw(name, slab), dataset.file);
    if (read(variable).some((value) => !Number.isNaN(value))) return;
    for (const value of read(every)) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return;
  const ranges = RANGES.flatMap((range) => {
    const value = variable.attributes[range]?.value;
    return value === undefined ? [] : [`${range} of ${typeof value === "string" ? value : value.join(" to ")}`];
  });
  throw new InputError(
    "BadRange",
    `all values of "${name}" are outside of its ${ranges.join(" and ")}: they go from ${low} to ${high}`,
    {
      file: dataset.file,
      hint: `Where the values are right and the range is not, set ${field} of the product to true`,
    },
  );
}
