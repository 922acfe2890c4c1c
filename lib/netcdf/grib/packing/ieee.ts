import { GribDamaged, GribUnsupported } from "../damaged.ts";

/** Values as they are, of four or eight bytes. */
export interface IeeePacking {
  readonly kind: "ieee";
  /** 1: single, 2: double precision. */
  readonly precision: number;
}

export function unpackIeee(data: Uint8Array, count: number, { precision }: IeeePacking): Float64Array {
  if (precision !== 1 && precision !== 2) {
    throw new GribUnsupported(
      `has floats of precision ${precision}`,
      "Convert it: grib_set -r -s packingType=grid_simple in.grib out.grib",
    );
  }
  const size = 4 * precision;
  if (data.length < count * size) throw new GribDamaged("its values end too early");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float64Array.from({ length: count }, (_, i) =>
    precision === 1 ? view.getFloat32(4 * i) : view.getFloat64(8 * i),
  );
}
