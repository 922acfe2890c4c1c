import { read } from "../../lib/netcdf/decode.ts";
import { openDataset } from "../../lib/netcdf/open.ts";

/** A field that is to be one message. */
export interface TestMessage {
  /** Of the grid, each evenly spaced. */
  readonly lat: ArrayLike<number>;
  readonly lon: ArrayLike<number>;
  /** Row-major; NaN is missing. */
  readonly values: Float32Array;
  /** When its forecast starts. */
  readonly initial: Date;
  /** The month, or other interval, that it is the mean of; absent for a value of the initial time. */
  readonly meanOf?: readonly [start: Date, end: Date];
}

/** A message of edition 2: the rate of precipitation, each value as the float that it is. */
export function gribMessage({ lat, lon, values, initial, meanOf }: TestMessage): Buffer {
  const present = values.filter((value) => !Number.isNaN(value));
  const packed = Buffer.alloc(4 * present.length);
  present.forEach((value, i) => packed.writeFloatBE(value, 4 * i));
  const sections = [
    section(1, "0007 0000 04 00 01", date(initial), "00 01"),
    section(3, gridHex({ lat, lon })),
    section(4, meanOf === undefined ? instantHex(0) : meanHex(initial, meanOf)),
    section(5, hex(present.length, 4), "0004 01"),
    section(6, "00", bitmapHex(values)),
    section(7, packed.toString("hex")),
    Buffer.from("7777"),
  ];
  const body = Buffer.concat(sections);
  const start = Buffer.alloc(16);
  start.write("GRIB");
  start[7] = 2;
  start.writeBigUInt64BE(BigInt(16 + body.length), 8);
  return Buffer.concat([start, body]);
}

/** A variable of a NetCDF file by its fields, with its axes; dimensions of one value but the first are left out. */
export async function fieldsOf(path: string, names: { variable: string; lat: string; lon: string }) {
  const dataset = await openDataset(path);
  try {
    const [lat, lon, values] = [names.lat, names.lon, names.variable].map((name) => read(dataset, name));
    const size = lat!.length * lon!.length;
    const count = values!.length / size;
    const fields = Array.from({ length: count }, (_, i) => Float32Array.from(values!.slice(i * size, (i + 1) * size)));
    return { lat: lat!, lon: lon!, fields };
  } finally {
    dataset.close();
  }
}

function section(number: number, ...parts: readonly string[]): Buffer {
  const body = Buffer.from(parts.join("").replaceAll(" ", ""), "hex");
  return Buffer.from(hex(5 + body.length, 4) + hex(number, 1) + body.toString("hex"), "hex");
}

/** A number as so many bytes, negative ones with a sign bit. */
function hex(value: number, bytes: number): string {
  const number = value < 0 ? 2 ** (8 * bytes - 1) - value : value;
  return Math.round(number)
    .toString(16)
    .padStart(2 * bytes, "0");
}

function date(time: Date): string {
  const parts = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCHours(), 0, 0];
  return hex(time.getUTCFullYear(), 2) + parts.map((part) => hex(part, 1)).join("");
}

function gridHex({ lat, lon }: Pick<TestMessage, "lat" | "lon">): string {
  const [rows, columns] = [lat.length, lon.length];
  const micro = (degrees: number) => hex(degrees * 1e6, 4);
  const scan = lat[0]! < lat[rows - 1]! ? "40" : "00";
  const shape = `00 ${hex(rows * columns, 4)} 00 00 0000 06 ${"ff".repeat(15)}`;
  const first = `${hex(columns, 4)} ${hex(rows, 4)} 00000000 ffffffff ${micro(lat[0]!)} ${micro(lon[0]!)}`;
  return `${shape} ${first} 30 ${micro(lat[rows - 1]!)} ${micro(lon[columns - 1]!)} ${hex(0, 8)} ${scan}`;
}

/** @param hours - after the initial time */
function instantHex(hours: number, template = 0): string {
  const surface = `01 00 00000000 ff ff ffffffff`;
  return `0000 ${hex(template, 2)} 01 34 02 ff ff 0000 00 01 ${hex(hours, 4)} ${surface}`;
}

function meanHex(initial: Date, [start, end]: readonly [Date, Date]): string {
  const hours = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 3_600_000;
  return `${instantHex(hours(initial, start), 8)} ${date(end)} 01 00000000 00 02 01 ${hex(hours(start, end), 4)} ff 00000000`;
}

function bitmapHex(values: Float32Array): string {
  const bits = Buffer.alloc(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) bits[i >> 3]! |= 0x80 >> (i & 7);
  });
  return bits.toString("hex");
}
