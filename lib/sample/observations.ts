import { type Dataset, File, ready } from "h5wasm/node";
import { precipitationMaker } from "./climate.ts";
import { editMessages, MESSAGE } from "./hdf5-header.ts";
import type { Random } from "./random.ts";
import { ROOM_FOR_TWO_FILTERS, shuffleAndDeflate } from "./shuffle-deflate.ts";

/** PREC/L's missing value: NetCDF's default fill for floats, cut to six digits. */
const MISSING = -9.96921e36;
const LAST_MONTH = Date.UTC(2020, 5);
const EPOCH = Date.UTC(1800, 0);
const HOUR = 3_600_000;
const LEVEL = 2;
/** Old object headers, for {@link shuffleAndDeflate} and {@link clearTimes}. */
const LIBVER = { libver: ["earliest", "latest"] as ["earliest", "latest"] };

export interface ObservationsOptions {
  /** Cell size, degrees; divides 180. */
  readonly resolution: number;
  /** How many months up to June 2020. */
  readonly months: number;
}

type AttributeValue = string | Float32Array | Float64Array | Int32Array | Int16Array;

/**
 * Writes monthly precipitation as NOAA PSL distributes PREC/L: NetCDF-4, `precip(time, lat, lon)` in mm/day, float32
 * rounded to 0.01, sea missing, latitudes from north to south, longitudes from 0 to 360, one month per chunk,
 * shuffled and deflated.
 *
 * @param onMonth called after each month with the count of those written
 * @throws Error where HDF5 cannot write the file
 */
export async function writeObservations(
  path: string,
  { resolution, months }: ObservationsOptions,
  random: Random,
  onMonth: (done: number) => void = () => {},
): Promise<void> {
  const lat = Float32Array.from({ length: Math.round(180 / resolution) }, (_, i) => 90 - resolution * (i + 0.5));
  const lon = Float32Array.from({ length: Math.round(360 / resolution) }, (_, i) => resolution * (i + 0.5));
  const starts = Array.from({ length: months }, (_, i) => addMonths(LAST_MONTH, i + 1 - months));
  const hours = Float64Array.from(starts, (start) => (start - EPOCH) / HOUR);
  const maker = precipitationMaker(lat, lon, random);

  const hdf5 = await ready;
  // Without this, h5wasm prints what HDF5 has to say of a full disk, and goes on.
  hdf5.activate_throwing_error_handler();
  try {
    const addresses = layOut(path, lat, lon, hours);
    shuffleAndDeflate(path, addresses.precip, Float32Array.BYTES_PER_ELEMENT, LEVEL);

    const file = new File(path, "a", LIBVER);
    const precip = file.get("precip") as Dataset;
    precip.resize([months, lat.length, lon.length]);
    for (const [i, start] of starts.entries()) {
      const values = maker(new Date(start).getUTCMonth()).map((value) => (Number.isNaN(value) ? MISSING : value));
      precip.write_slice([[i, i + 1], [], []], values);
      onMonth(i + 1);
    }
    file.close();
    clearTimes(path, Object.values(addresses));
  } finally {
    hdf5.deactivate_throwing_error_handler();
  }
}

/** Makes the file with its axes and attributes, and no month yet; returns the addresses of the object headers. */
function layOut(path: string, lat: Float32Array, lon: Float32Array, hours: Float64Array) {
  const file = new File(path, "w", LIBVER);
  const shape = [lat.length, lon.length];
  const axes = {
    time: file.create_dataset({ name: "time", data: hours, maxshape: [null], chunks: [512] }),
    lat: file.create_dataset({ name: "lat", data: lat }),
    lon: file.create_dataset({ name: "lon", data: lon }),
  };
  const precip = file.create_dataset({
    name: "precip",
    data: new Float32Array(0),
    shape: [0, ...shape],
    maxshape: [null, ...shape],
    chunks: [1, ...shape],
    ...ROOM_FOR_TWO_FILTERS,
  });
  for (const [index, [name, axis]] of Object.entries(axes).entries()) {
    axis.make_scale(name);
    // NetCDF-4's own number of the dimension; without it they would come in the order of their names.
    setAttributes(axis, { _Netcdf4Dimid: Int32Array.of(index) });
    precip.attach_scale(index, `/${name}`);
  }
  setAttributes(axes.time, {
    units: "hours since 1800-01-01 00:00:0.0",
    long_name: "Time",
    standard_name: "time",
    axis: "T",
    delta_t: "0000-01-00 00:00:00",
    avg_period: "0000-01-00 00:00:00",
    actual_range: Float64Array.of(hours.at(0) ?? Number.NaN, hours.at(-1) ?? Number.NaN),
  });
  setAttributes(axes.lat, axisAttributes("degrees_north", "Latitude", "Y", lat));
  setAttributes(axes.lon, axisAttributes("degrees_east", "Longitude", "X", lon));
  setAttributes(precip, {
    long_name: "Average Monthly Rate of Precipitation",
    valid_range: Float32Array.of(0, 70),
    units: "mm/day",
    missing_value: Float32Array.of(MISSING),
    precision: Int16Array.of(2),
    var_desc: "Precipitation",
    dataset: "Made sample in the layout of CPC's Precipitation Reconstruction over Land (PREC/L)",
    level_desc: "Surface",
    statistic: "Mean",
    parent_stat: "Observation",
  });
  setAttributes(file, { Conventions: "CF-1.0", title: "Made sample of monthly precipitation, no measurement" });
  const addresses = {
    precip: addressOf(precip),
    time: addressOf(axes.time),
    lat: addressOf(axes.lat),
    lon: addressOf(axes.lon),
  };
  file.close();
  return addresses;
}

function axisAttributes(units: string, name: string, axis: string, values: Float32Array) {
  return {
    units,
    long_name: name,
    standard_name: name.toLowerCase(),
    axis,
    actual_range: Float32Array.of(values.at(0) ?? Number.NaN, values.at(-1) ?? Number.NaN),
    coordinate_defines: "center",
  };
}

function setAttributes(object: Dataset | File, attributes: Record<string, AttributeValue>): void {
  for (const [name, value] of Object.entries(attributes)) {
    // Text of fixed length is what NetCDF calls char; the default would be its string.
    if (typeof value === "string") object.create_attribute(name, value, [], `A${value.length}`);
    else object.create_attribute(name, value);
  }
}

function addressOf(dataset: Dataset): number {
  return Number(Buffer.from(dataset.create_reference().ref_data).readBigUInt64LE(0));
}

/** Sets every dataset's time of modification to 1970, as the same options are to give the same bytes. */
function clearTimes(path: string, addresses: readonly number[]): void {
  editMessages(path, addresses, MESSAGE.modificationTime, (body) => body.fill(0, 4));
}

function addMonths(start: number, months: number): number {
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
}
