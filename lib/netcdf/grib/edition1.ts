import { GribDamaged, GribUnsupported } from "./damaged.ts";
import type { Field } from "./field.ts";
import { ANOTHER, FROM_SPECTRUM, FULL_ROWS, type Grid, keyOf, REGRID, regularGrid } from "./grid.ts";
import { levelOfEdition1 } from "./level.ts";
import { type Local1, localOfEcmwf, localOfNcep } from "./local1.ts";
import type { MessageReader } from "./message-reader.ts";
import type { Packing } from "./packing/unpack.ts";
import { parameterOfEdition1 } from "./parameters.ts";
import { timeOfEdition1 } from "./period1.ts";
import type { Section } from "./section.ts";
import { secondsOf } from "./time-arithmetic.ts";

const HEADER = 8;
const FLAG = { grid: 0x80, bitmap: 0x40 } as const;
const ECMWF = 98;
const NCEP = 7;

/** Bytes before the packed values in their section. */
const DATA_HEADER = 11;

/**
 * The field of a message of edition 1.
 *
 * Source: WMO Manual on Codes, FM 92-XI Ext. GRIB edition 1.
 *
 * @throws GribDamaged, GribUnsupported
 */
export function fieldOfEdition1(message: MessageReader): Field {
  let at = HEADER;
  const product = message.section(at, lengthAt(message, at, 28));
  at += product.length;
  const flags = product.uint8(7);
  if ((flags & FLAG.grid) === 0) {
    throw new GribUnsupported("has a grid of a catalogue, whose points it does not tell", ANOTHER);
  }
  const gridSection = message.section(at, lengthAt(message, at, 28));
  at += gridSection.length;
  const grid = message.gridOf(keyOf(gridSection), (key) => gridOf(gridSection, key));
  const hasBitmap = (flags & FLAG.bitmap) !== 0;
  const bitmapLength = hasBitmap ? lengthAt(message, at, 6) : 0;
  const bitmap = hasBitmap ? bitmapOf(message, at, bitmapLength) : undefined;
  at += bitmapLength;
  const { length, packing, dataLength } = dataOf(message, at, product.int16(26));
  if (at + length > message.length) throw new GribDamaged("its values end too early");
  return {
    message: message.number,
    edition: 1,
    ...aboutOf(product),
    grid,
    packing,
    count: grid.rows * grid.columns,
    ...(bitmap === undefined ? {} : { bitmap }),
    data: { offset: message.offset + at + DATA_HEADER, length: dataLength },
  };
}

/** What the product section says. */
function aboutOf(
  product: Section,
): Pick<Field, "centre" | "parameter" | "level" | "time" | "member" | "dataType" | "variant"> {
  const [centre, subCentre] = [product.uint8(4), product.uint8(25)];
  const level = levelOfEdition1(product.uint8(9), product.uint16(10));
  const initial = initialOf(product);
  const indicator = product.uint8(20);
  const period = { unit: product.uint8(17), p1: product.uint8(18), p2: product.uint8(19), indicator };
  const time = timeOfEdition1(initial, { ...period, fields: product.uint16(21) });
  const byEcmwf = centre === ECMWF || subCentre === ECMWF;
  let local: Local1 = {};
  if (byEcmwf) local = localOfEcmwf(product, initial);
  else if (centre === NCEP) local = localOfNcep(product);
  return {
    centre,
    parameter: parameterOfEdition1(
      { table: product.uint8(3), number: product.uint8(8), byEcmwf, typeOfLevel: product.uint8(9) },
      level,
    ),
    level,
    time: { ...time, ...local.month },
    member: local.member,
    dataType: local.dataType,
    variant: "",
  };
}

function initialOf(product: Section): number {
  const year = (product.uint8(24) - 1) * 100 + product.uint8(12);
  return secondsOf([year, product.uint8(13), product.uint8(14), product.uint8(15), product.uint8(16)]);
}

const GRIDS: ReadonlyMap<number, readonly [name: string, hint: string]> = new Map([
  [1, ["a Mercator grid", ANOTHER]],
  [3, ["a Lambert grid", REGRID]],
  [5, ["a polar stereographic grid", REGRID]],
  [10, ["a rotated grid", REGRID]],
  [14, ["a rotated Gaussian grid", REGRID]],
  [50, ["a spectral field", FROM_SPECTRUM]],
  [60, ["a rotated spectral field", FROM_SPECTRUM]],
]);

function gridOf(section: Section, key: string): Grid {
  const type = section.uint8(5);
  if (type !== 0 && type !== 4) {
    const [name, hint] = GRIDS.get(type) ?? [`a grid of type ${type}`, REGRID];
    throw new GribUnsupported(`has ${name}`, hint);
  }
  const [columns, rows] = [section.uint16(6), section.uint16(8)];
  // The number of points of each row follows the vertical coordinates.
  if (columns === 0xff_ff) throw new GribUnsupported("has a reduced grid, whose rows differ in length", FULL_ROWS);
  return regularGrid(
    {
      columns,
      rows,
      first: [section.int24(10) / 1000, section.int24(13) / 1000],
      last: [section.int24(17) / 1000, section.int24(20) / 1000],
      // The other bits of edition 2 have no meaning here.
      scanning: section.uint8(27) & 0xe0,
      ...(type === 4 ? { parallels: section.uint16(25) } : {}),
    },
    key,
  );
}

function bitmapOf(message: MessageReader, at: number, length: number) {
  const section = message.section(at, 6);
  if (section.uint16(4) !== 0) {
    throw new GribUnsupported(
      `has the bitmap ${section.uint16(4)} of a catalogue`,
      "Fetch it from whoever made it, with its own bitmap",
    );
  }
  return { offset: message.offset + at + 6, length: length - 6 };
}

const DATA_FLAG = { spectral: 0x80, secondOrder: 0x40, more: 0x10 } as const;

/** @param decimal - of the product section */
function dataOf(message: MessageReader, at: number, decimal: number) {
  const section = message.section(at, DATA_HEADER);
  const length = message.dataLength(section.uint24(0), at);
  if (length < DATA_HEADER) throw new GribDamaged(`the section of its values has ${length} bytes`);
  const flags = section.uint8(3);
  if ((flags & DATA_FLAG.spectral) !== 0) throw new GribUnsupported("has a spectral field", FROM_SPECTRUM);
  if ((flags & DATA_FLAG.secondOrder) !== 0) {
    throw new GribUnsupported("has second-order packing", SIMPLE);
  }
  if ((flags & DATA_FLAG.more) !== 0) throw new GribUnsupported("has a packing with flags of its own", SIMPLE);
  const packing: Packing = {
    kind: "simple",
    reference: section.ibm32(6),
    binary: section.int16(4),
    decimal,
    bits: section.uint8(10),
  };
  return { length, packing, dataLength: length - DATA_HEADER };
}

/** What stores values as most files do. */
const SIMPLE = "Convert it: grib_set -r -s packingType=grid_simple in.grib out.grib";

function lengthAt(message: MessageReader, at: number, least: number): number {
  const length = message.section(at, 3).uint24(0);
  if (length >= least) return length;
  throw new GribDamaged(`a section of it has ${length} bytes`);
}
