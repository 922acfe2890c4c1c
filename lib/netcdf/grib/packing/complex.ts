import { GribDamaged } from "../damaged.ts";
import { Section } from "../section.ts";
import { Bits } from "./bits.ts";
import { type Scale, scaled } from "./scale.ts";

/** Values in groups, each of integers with a reference and a count of bits of its own; or their differences. */
export interface ComplexPacking extends Scale {
  readonly kind: "complex";
  /** Of the references of groups. */
  readonly bits: number;
  /** 0: no value is missing; 1, 2: the largest integer of a group is none, or the two largest. */
  readonly missing: number;
  readonly groups: {
    readonly count: number;
    readonly firstWidth: number;
    readonly widthBits: number;
    readonly firstLength: number;
    readonly lengthStep: number;
    readonly lastLength: number;
    readonly lengthBits: number;
  };
  /** How often differences were taken, 0 to 2, and of how many bytes what they start from is. */
  readonly order: number;
  readonly orderBytes: number;
}

/** @throws GribDamaged */
export function unpackComplex(data: Uint8Array, count: number, packing: ComplexPacking): Float64Array {
  const { order, orderBytes } = packing;
  if (order > 2) throw new GribDamaged(`it has differences of order ${order}`);
  const section = new Section(data);
  const starts = Array.from({ length: order }, (_, i) => section.int(i * orderBytes, orderBytes));
  const least = order === 0 ? 0 : section.int(order * orderBytes, orderBytes);
  const bytes = order === 0 ? 0 : (order + 1) * orderBytes;
  const values = ungrouped(new Bits(section.part(bytes)), count, packing);
  if (order > 0) integrate(values, starts, least);
  return scaled(values, packing);
}

/** The integers of all groups; NaN where one is missing. */
function ungrouped(bits: Bits, count: number, { bits: referenceBits, missing, groups }: ComplexPacking): Float64Array {
  if (groups.count > count || !bits.has(groups.count * referenceBits)) {
    throw new GribDamaged(`it has ${groups.count} groups of ${count} values`);
  }
  const each = (read: () => number) => {
    const numbers = Float64Array.from({ length: groups.count }, read);
    bits.align();
    return numbers;
  };
  const references = each(() => bits.read(referenceBits));
  const widths = each(() => groups.firstWidth + bits.read(groups.widthBits));
  const lengths = each(() => groups.firstLength + groups.lengthStep * bits.read(groups.lengthBits));
  if (groups.count > 0) lengths[groups.count - 1] = groups.lastLength;
  if (lengths.reduce((sum, length) => sum + length, 0) !== count) {
    throw new GribDamaged(`its groups do not have ${count} values`);
  }
  const values = new Float64Array(count);
  let at = 0;
  for (let g = 0; g < groups.count; g++) {
    const [reference, width] = [references[g]!, widths[g]!];
    if (width > 32) throw new GribDamaged(`a group has ${width} bits for a value`);
    // A group without bits is missing by its reference.
    const top = 2 ** (width === 0 ? referenceBits : width) - 1;
    const missingFrom = missing === 0 ? Infinity : top - missing + 1;
    for (const end = at + lengths[g]!; at < end; at++) {
      const integer = width === 0 ? 0 : bits.read(width);
      const told = width === 0 ? reference : integer;
      values[at] = told >= missingFrom ? Number.NaN : reference + integer;
    }
  }
  return values;
}

/** Values of differences, in place: the missing ones are passed over. */
function integrate(values: Float64Array, starts: readonly number[], least: number): void {
  let before = 0;
  let last = 0;
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]!;
    if (Number.isNaN(difference)) continue;
    const expected = starts.length === 1 ? last : 2 * last - before;
    const value = seen < starts.length ? starts[seen]! : difference + least + expected;
    values[i] = value;
    before = last;
    last = value;
    seen++;
  }
}
