import { GribDamaged } from "../damaged.ts";
import { Bits } from "./bits.ts";
import { type Scale, scaled } from "./scale.ts";

/** Values as integers of so many bits each. */
export interface SimplePacking extends Scale {
  readonly kind: "simple";
  readonly bits: number;
}

export function unpackSimple(data: Uint8Array, count: number, packing: SimplePacking): Float64Array {
  const { bits } = packing;
  if (data.length * 8 < count * bits) throw new GribDamaged("its values end too early");
  return scaled(integers(data, count, bits), packing);
}

function integers(data: Uint8Array, count: number, bits: number): Float64Array {
  const values = new Float64Array(count);
  // What most files have, without looking for bits.
  if (bits === 8) for (let i = 0; i < count; i++) values[i] = data[i]!;
  else if (bits === 16) for (let i = 0; i < count; i++) values[i] = data[2 * i]! * 256 + data[2 * i + 1]!;
  else {
    const reader = new Bits(data);
    for (let i = 0; i < count; i++) values[i] = reader.read(bits);
  }
  return values;
}
