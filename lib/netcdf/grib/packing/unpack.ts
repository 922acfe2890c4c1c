import { GribDamaged } from "../damaged.ts";
import { type CcsdsPacking, unpackCcsds } from "./ccsds.ts";
import { type ComplexPacking, unpackComplex } from "./complex.ts";
import { type IeeePacking, unpackIeee } from "./ieee.ts";
import { type DecodeImage, type Jpeg2000Packing, unpackJpeg2000 } from "./jpeg2000.ts";
import { type SimplePacking, unpackSimple } from "./simple.ts";

/** How the values of a message are stored. */
export type Packing = SimplePacking | ComplexPacking | Jpeg2000Packing | CcsdsPacking | IeeePacking;

/** Bits of one packed integer. */
const MOST_BITS = 32;

/**
 * The values of a message's data, as many as it has, as ecCodes computes them; NaN where the packing says that one is missing.
 *
 * @throws GribDamaged, GribUnsupported
 */
export function unpack(
  data: Uint8Array,
  count: number,
  packing: Packing,
  decodeImage: DecodeImage | undefined,
): Float64Array {
  if (packing.kind === "ieee") return unpackIeee(data, count, packing);
  if (packing.bits > MOST_BITS) throw new GribDamaged(`its values have ${packing.bits} bits`);
  if (count === 0) return new Float64Array();
  // All are the reference, which has no decimal factor then: so write and read the libraries of ECMWF and NCEP.
  if (isConstant(packing, data)) return new Float64Array(count).fill(packing.reference);
  switch (packing.kind) {
    case "simple":
      return unpackSimple(data, count, packing);
    case "complex":
      return unpackComplex(data, count, packing);
    case "ccsds":
      return unpackCcsds(data, count, packing);
    case "jpeg2000":
      // It is loaded where a message has such a packing.
      return unpackJpeg2000(data, count, packing, decodeImage!);
    default:
      return packing satisfies never;
  }
}

function isConstant(packing: Exclude<Packing, IeeePacking>, data: Uint8Array): boolean {
  if (packing.kind === "complex") return packing.groups.count === 0;
  return packing.bits === 0 || (packing.kind === "jpeg2000" && data.length === 0);
}
