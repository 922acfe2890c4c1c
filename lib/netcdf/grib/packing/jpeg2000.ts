import { GribDamaged, GribUnsupported } from "../damaged.ts";
import { Section } from "../section.ts";
import { type Scale, scaled } from "./scale.ts";

/** Values as the pixels of an image. */
export interface Jpeg2000Packing extends Scale {
  readonly kind: "jpeg2000";
  readonly bits: number;
}

/** The image of a codestream as the library gives it. */
interface Image {
  readonly bitsPerSample: number;
  readonly isSigned: boolean;
  readonly pixels: Uint8Array;
}

/** Decodes a codestream. */
export type DecodeImage = (codestream: Uint8Array) => Image;

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { readonly bitsPerSample: number; readonly isSigned: boolean };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

type Library = { readonly J2KDecoder: new () => Decoder };

/** Loads the library, which is in the bundles as the code that it is: it has no file of its own beside it. */
export async function loadJpeg2000(): Promise<DecodeImage> {
  // @ts-expect-error: no types
  const { default: make } = (await import("@cornerstonejs/codec-openjpeg/decode")) as {
    default: (options: object) => Promise<Library>;
  };
  const silent = () => undefined;
  // What it has to say of damage is told by what it throws.
  const library = await make({ print: silent, printErr: silent });
  return (codestream) => {
    const decoder = new library.J2KDecoder();
    try {
      decoder.getEncodedBuffer(codestream.length).set(codestream);
      decoder.decode();
      const { bitsPerSample, isSigned } = decoder.getFrameInfo();
      return { bitsPerSample, isSigned, pixels: decoder.getDecodedBuffer().slice() };
    } finally {
      decoder.delete();
    }
  };
}

/** @throws GribDamaged, GribUnsupported */
export function unpackJpeg2000(
  data: Uint8Array,
  count: number,
  packing: Jpeg2000Packing,
  decode: DecodeImage,
): Float64Array {
  requireSize(data, count);
  let image: Image;
  try {
    image = decode(data);
  } catch (cause) {
    throw new GribDamaged(`its JPEG 2000 image is damaged (${cause instanceof Error ? cause.message : "not decoded"})`);
  }
  const { bitsPerSample, isSigned, pixels } = image;
  const size = bitsPerSample <= 8 ? 1 : 2;
  if (isSigned || pixels.length < count * size) throw new GribDamaged("its JPEG 2000 image has not all values");
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const values = Float64Array.from({ length: count }, (_, i) =>
    size === 1 ? view.getUint8(i) : view.getUint16(2 * i, true),
  );
  return scaled(values, packing);
}

const MARKER = { start: 0xff_4f, size: 0xff_51 } as const;

/** Bits of a pixel that the library can give. */
const MOST_BITS = 16;

/** The library takes memory for what the header of an image declares: that is looked at first. */
function requireSize(data: Uint8Array, count: number): void {
  const section = new Section(data);
  if (section.uint16(0) !== MARKER.start || section.uint16(2) !== MARKER.size) {
    throw new GribDamaged("its JPEG 2000 image has no header");
  }
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => section.uint32(at)) as [
    number,
    number,
    number,
    number,
  ];
  const [tileWidth, tileHeight] = [section.uint32(24), section.uint32(28)];
  const [components, depth] = [section.uint16(40), section.uint8(42)];
  const inOne = tileWidth >= right && tileHeight >= bottom;
  if ((right - left) * (bottom - top) !== count || right <= left || bottom <= top || components !== 1) {
    throw new GribDamaged(`its JPEG 2000 image has not ${count} values`);
  }
  // Each tile takes memory, of which a damaged header can declare billions.
  if (!inOne && Math.ceil(right / Math.max(1, tileWidth)) * Math.ceil(bottom / Math.max(1, tileHeight)) > MOST_TILES) {
    throw new GribDamaged("its JPEG 2000 image has too many tiles");
  }
  if ((depth & 0x7f) + 1 > MOST_BITS) {
    throw new GribUnsupported(
      `has a JPEG 2000 image of ${(depth & 0x7f) + 1} bits`,
      "Convert it: grib_set -r -s packingType=grid_simple in.grib out.grib",
    );
  }
}

const MOST_TILES = 4096;
