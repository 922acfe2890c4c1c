import { brokenFile } from "../../errors.ts";
import { type Layout, packedStrides } from "../byte-ranges.ts";
import type { Attributes, DatasetFormat, DataType, Dimension, Variable } from "../dataset.ts";
import { ITEM_BYTES, isNumeric } from "../numeric-types.ts";
import type { RandomAccess } from "../random-access.ts";
import { product } from "../slab.ts";
import {
  HeaderCut,
  HeaderDamaged,
  parseHeader,
  type RawDimension,
  type RawHeader,
  type RawVariable,
} from "./raw-header.ts";

/** What the header of a classic file says, and where the values are. */
export interface ClassicHeader {
  readonly format: DatasetFormat;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly attributes: Attributes;
}

/** Most headers fit in the first; what is longer than the last is no header. */
const FIRST_PREFIX = 2 ** 13;
const LAST_PREFIX = 2 ** 24;

/**
 * The header of a classic, 64-bit offset or CDF-5 file. All values that it declares lie in the file.
 *
 * @throws InputError `BrokenFile`
 */
export function readHeader(access: RandomAccess, file: string): ClassicHeader {
  const header = parse(access, file);
  // That of the records has no size of its own.
  const recordId = header.dimensions.findLastIndex(({ size }) => size === 0);
  const placed = header.variables.map((variable) => place(variable, header.dimensions, recordId, file));

  const records = placed.filter((p) => p.record);
  // A lone record variable is packed: its records follow each other without padding.
  const stride = records.length === 1 ? records[0]!.bytes : records.reduce((sum, p) => sum + padded(p.bytes), 0);
  const count = header.records ?? wholeRecords(records, stride, access.size);

  const dimensions = header.dimensions.map(({ name, size }, id): Dimension => {
    const unlimited = id === recordId;
    return { name, size: unlimited ? count : size, unlimited };
  });
  const variables = new Map<string, Variable>();
  const layouts = new Map<string, Layout>();
  for (const p of placed) {
    const shape = p.record ? [count, ...p.shape] : p.shape;
    const end = p.offset + p.bytes + (p.record ? (count - 1) * stride : 0);
    if (end > access.size && !shape.includes(0)) {
      throw brokenFile(`truncated: "${p.name}" needs ${end} bytes, the file has ${access.size}`, { file });
    }
    const { name, type, attributes } = p;
    variables.set(name, { name, type, dimensions: p.ids.map((id) => dimensions[id]!.name), shape, attributes });
    const strides = packedStrides(p.itemBytes, p.shape);
    layouts.set(name, {
      offset: p.offset,
      itemBytes: p.itemBytes,
      strides: p.record ? [stride, ...strides] : strides,
    });
  }
  return {
    format: header.format,
    dimensions: new Map(dimensions.map((d) => [d.name, d])),
    variables,
    layouts,
    attributes: header.attributes,
  };
}

/** Of the file's beginning as much is read as its header takes. */
function parse(access: RandomAccess, file: string): RawHeader {
  const largest = Math.min(access.size, LAST_PREFIX);
  for (let size = FIRST_PREFIX; ; size *= 8) {
    const prefix = new Uint8Array(Math.min(size, largest));
    access.read(0, prefix);
    try {
      return parseHeader(prefix);
    } catch (cause) {
      if (cause instanceof HeaderCut && prefix.length < largest) continue;
      if (!(cause instanceof HeaderCut || cause instanceof HeaderDamaged)) throw cause;
      throw brokenFile(`its header is damaged or truncated (${cause.message})`, { file, cause });
    }
  }
}

interface Placed {
  readonly name: string;
  readonly type: DataType;
  readonly attributes: Attributes;
  readonly ids: readonly number[];
  readonly record: boolean;
  /** Without the records. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly itemBytes: number;
  /** Of all values, or of one record's, without padding. */
  readonly bytes: number;
}

function place(
  { name, type, attributes, dimensions: ids, offset }: RawVariable,
  dimensions: readonly RawDimension[],
  recordId: number,
  file: string,
): Placed {
  const record = ids.length > 0 && ids[0] === recordId;
  const fixed = record ? ids.slice(1) : ids;
  if (ids.some((id) => dimensions[id] === undefined) || fixed.includes(recordId)) {
    throw brokenFile(`its header is damaged: "${name}" has an impossible dimension`, { file });
  }
  const shape = fixed.map((id) => dimensions[id]!.size);
  const itemBytes = isNumeric(type) ? ITEM_BYTES[type] : 1;
  return { name, type, attributes, ids, record, shape, offset, itemBytes, bytes: itemBytes * product(shape) };
}

function wholeRecords(records: readonly Placed[], stride: number, size: number): number {
  if (stride === 0) return 0;
  const counts = records.map((p) => Math.floor((size - p.offset - p.bytes) / stride) + 1);
  return Math.max(0, Math.min(...counts));
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
