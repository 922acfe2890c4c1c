import { type Dataset, File, ready } from "h5wasm/node";
import { smoothField } from "../lib/sample/climate.ts";
import { mulberry32 } from "../lib/sample/random.ts";
import { ROOM_FOR_TWO_FILTERS, shuffleAndDeflate } from "../lib/sample/shuffle-deflate.ts";

const LIBVER = { libver: ["earliest", "latest"] as ["earliest", "latest"] };
const HOURS_FROM_1900 = (year: number, month: number) => (Date.UTC(year, month) - Date.UTC(1900, 0)) / 3_600_000;

/**
 * Writes an archive as reanalyses are distributed: cells of a quarter of a degree, 721 x 1440 cells with both poles, values packed
 * into 16 bits, shuffled and deflated, a month in each chunk, nothing missing.
 *
 * @param months - from January 1979 on
 */
export async function writeFineArchive(path: string, months: number, onMonth: (done: number) => void): Promise<void> {
  await ready;
  const lat = Float32Array.from({ length: 721 }, (_, i) => 90 - i / 4);
  const lon = Float32Array.from({ length: 1440 }, (_, i) => i / 4);
  const hours = Int32Array.from({ length: months }, (_, i) => HOURS_FROM_1900(1979, i));
  const shape = [lat.length, lon.length];
  const made = new File(path, "w", LIBVER);
  const axes = {
    time: made.create_dataset({ name: "time", data: hours }),
    latitude: made.create_dataset({ name: "latitude", data: lat }),
    longitude: made.create_dataset({ name: "longitude", data: lon }),
  };
  const variable = made.create_dataset({
    name: "t2m",
    data: new Int16Array(0),
    shape: [0, ...shape],
    maxshape: [months, ...shape],
    chunks: [1, ...shape],
    ...ROOM_FOR_TWO_FILTERS,
  });
  for (const [index, [name, axis]] of Object.entries(axes).entries()) {
    axis.make_scale(name);
    axis.create_attribute("_Netcdf4Dimid", Int32Array.of(index));
    variable.attach_scale(index, `/${name}`);
  }
  text(axes.time, "units", "hours since 1900-01-01 00:00:00.0");
  text(axes.latitude, "units", "degrees_north");
  text(axes.longitude, "units", "degrees_east");
  text(variable, "units", "K");
  variable.create_attribute("_FillValue", Int16Array.of(-32_767));
  variable.create_attribute("scale_factor", Float64Array.of(0.002));
  variable.create_attribute("add_offset", Float64Array.of(273.15));
  const address = Number(Buffer.from(variable.create_reference().ref_data).readBigUInt64LE(0));
  made.close();
  shuffleAndDeflate(path, address, Int16Array.BYTES_PER_ELEMENT, 1);

  const random = mulberry32(11);
  const file = new File(path, "a", LIBVER);
  const t2m = file.get("t2m") as Dataset;
  t2m.resize([months, ...shape]);
  const packed = new Int16Array(lat.length * lon.length);
  for (let month = 0; month < months; month++) {
    const field = smoothField(random, lat, lon);
    // With noise in their last bits, as real fields have: smooth ones would deflate to almost nothing.
    for (let cell = 0; cell < packed.length; cell++) packed[cell] = field[cell]! * 4000 + random() * 64;
    t2m.write_slice([[month, month + 1], [], []], packed);
    onMonth(month + 1);
  }
  file.close();
}

/** Text of fixed length is what NetCDF calls char. */
function text(dataset: Dataset, name: string, value: string): void {
  dataset.create_attribute(name, value, [], `A${value.length}`);
}
