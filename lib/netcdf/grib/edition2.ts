import { GribDamaged, GribUnsupported } from "./damaged.ts";
import type { Field, Range } from "./field.ts";
import { ANOTHER, FROM_SPECTRUM, FULL_ROWS, type Grid, keyOf, REGRID, regularGrid } from "./grid.ts";
import type { MessageReader } from "./message-reader.ts";
import { packingOfEdition2 } from "./packing2.ts";
import { productOfEdition2 } from "./product2.ts";
import type { Section } from "./section.ts";
import { secondsOf } from "./time-arithmetic.ts";

const HEADER = 16;
const END = 4;

/** What the sections before a field's values say. Those of a field before stay in force. */
interface Known {
  identification?: Section;
  grid?: Section;
  product?: Section;
  packing?: Section;
  bitmap?: Range | undefined;
}

/**
 * The fields of a message of edition 2; for one that is not read here, why.
 *
 * Source: WMO Manual on Codes, FM 92-XIV GRIB edition 2.
 *
 * @throws GribDamaged
 */
export function* fieldsOfEdition2(message: MessageReader): Generator<Field | GribUnsupported> {
  const discipline = message.section(0, HEADER).uint8(6);
  const known: Known = {};
  for (let at = HEADER; at < message.length - END; ) {
    const head = message.section(at, 5);
    const length = head.uint32(0);
    if (length < 5 || at + length > message.length - END) throw new GribDamaged("a section of it ends too late");
    const number = head.uint8(4);
    if (number === 1) known.identification = message.section(at, length);
    else if (number === 3) known.grid = message.section(at, length);
    else if (number === 4) known.product = message.section(at, length);
    else if (number === 5) known.packing = message.section(at, length);
    else if (number === 6) known.bitmap = bitmapOf(message, at, length, known.bitmap);
    else if (number === 7) {
      const data = { offset: message.offset + at + 5, length: length - 5 };
      yield supported(() => fieldOf(message, discipline, known, data));
    } else if (number !== 2) throw new GribDamaged(`it has a section ${number}`);
    at += length;
  }
}

function supported(work: () => Field): Field | GribUnsupported {
  try {
    return work();
  } catch (error) {
    if (error instanceof GribUnsupported) return error;
    throw error;
  }
}

const BITMAP = { here: 0, before: 254, none: 255 } as const;

/** @param before - that of the field before in the same message */
function bitmapOf(message: MessageReader, at: number, length: number, before: Range | undefined): Range | undefined {
  const indicator = message.section(at, 6).uint8(5);
  switch (indicator) {
    case BITMAP.here:
      return { offset: message.offset + at + 6, length: length - 6 };
    case BITMAP.before:
      return before;
    case BITMAP.none:
      return undefined;
    default:
      throw new GribDamaged(`it has the bitmap ${indicator} of a catalogue, which is not in it`);
  }
}

function fieldOf(message: MessageReader, discipline: number, known: Known, data: Range): Field {
  const { identification, grid: gridSection, product, packing, bitmap } = known;
  if (identification === undefined || gridSection === undefined || product === undefined || packing === undefined) {
    throw new GribDamaged("it has values before the sections that say what they are");
  }
  const grid = message.gridOf(keyOf(gridSection), (key) => gridOf(gridSection, key));
  const count = packing.uint32(5);
  if (bitmap === undefined && count !== grid.rows * grid.columns) {
    throw new GribDamaged(`it has ${count} values for ${grid.rows * grid.columns} points`);
  }
  if (count > grid.rows * grid.columns) throw new GribDamaged(`it has ${count} values for a smaller grid`);
  return {
    message: message.number,
    edition: 2,
    centre: identification.uint16(5),
    ...productOfEdition2(product, discipline, { initial: initialOf(identification), centre: identification.uint16(5) }),
    dataType: undefined,
    grid,
    packing: packingOfEdition2(packing),
    count,
    ...(bitmap === undefined ? {} : { bitmap }),
    data,
  };
}

function initialOf(section: Section): number {
  const [month, day, hour, minute, second] = [14, 15, 16, 17, 18].map((at) => section.uint8(at));
  return secondsOf([section.uint16(12), month!, day!, hour!, minute!, second!]);
}

const GRIDS: ReadonlyMap<number, readonly [name: string, hint: string]> = new Map([
  [1, ["a rotated grid", REGRID]],
  [10, ["a Mercator grid", ANOTHER]],
  [20, ["a polar stereographic grid", REGRID]],
  [30, ["a Lambert grid", REGRID]],
  [41, ["a rotated Gaussian grid", REGRID]],
  [50, ["a spectral field", FROM_SPECTRUM]],
  [51, ["a rotated spectral field", FROM_SPECTRUM]],
  [101, ["an unstructured grid", ANOTHER]],
]);

const REGULAR = 0;
const GAUSSIAN = 40;

function gridOf(section: Section, key: string): Grid {
  const template = section.uint16(12);
  if (template !== REGULAR && template !== GAUSSIAN) {
    const [name, hint] = GRIDS.get(template) ?? [`a grid of template 3.${template}`, REGRID];
    throw new GribUnsupported(`has ${name}`, hint);
  }
  const [columns, rows] = [section.uint32(30), section.uint32(34)];
  if (columns === 0xff_ff_ff_ff || section.uint8(10) !== 0) {
    throw new GribUnsupported("has a reduced grid, whose rows differ in length", FULL_ROWS);
  }
  if (section.uint32(6) !== columns * rows) {
    throw new GribDamaged(`its grid has ${section.uint32(6)} points in ${rows} rows of ${columns}`);
  }
  const degrees = angles(section);
  return regularGrid(
    {
      columns,
      rows,
      first: [degrees(section.int32(46)), degrees(section.int32(50))],
      last: [degrees(section.int32(55)), degrees(section.int32(59))],
      scanning: section.uint8(71),
      ...(template === GAUSSIAN ? { parallels: section.uint32(67) } : {}),
    },
    key,
  );
}

/** Millionths of degrees, unless the grid says otherwise. */
function angles(section: Section): (value: number) => number {
  const [basic, parts] = [section.uint32(38), section.uint32(42)];
  const isOwn = basic !== 0 && basic !== 0xff_ff_ff_ff && parts !== 0 && parts !== 0xff_ff_ff_ff;
  return isOwn ? (value) => (value * basic) / parts : (value) => value / 1e6;
}
