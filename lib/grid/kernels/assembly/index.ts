import * as anomaly from "./anomaly";
import * as months from "./transpose";

export { mask } from "./anomaly";
export { gather } from "./gather";
export { unshuffle } from "./unshuffle";

// What is exported takes one type: the others are told apart by the bytes of a value.

export function transpose(
  word: i32,
  fields: usize,
  series: usize,
  cells: usize,
  count: usize,
  field: usize,
  cell: usize,
  width: usize,
  tile: usize,
): void {
  if (word == 1) months.transpose<u8>(fields, series, cells, count, field, cell, width, tile);
  else if (word == 2) months.transpose<u16>(fields, series, cells, count, field, cell, width, tile);
  else if (word == 4) months.transpose<u32>(fields, series, cells, count, field, cell, width, tile);
  else months.transpose<u64>(fields, series, cells, count, field, cell, width, tile);
}

export function climatology(
  word: i32,
  values: usize,
  cells: usize,
  count: usize,
  calendar: usize,
  start: usize,
  stop: usize,
  least: i32,
  means: usize,
): i32 {
  return word == 4
    ? anomaly.climatology<f32>(values, cells, count, calendar, start, stop, least, means)
    : anomaly.climatology<f64>(values, cells, count, calendar, start, stop, least, means);
}

export function takeOff(word: i32, values: usize, cells: usize, count: usize, calendar: usize, normals: usize): i32 {
  return word == 4
    ? anomaly.takeOff<f32>(values, cells, count, calendar, normals)
    : anomaly.takeOff<f64>(values, cells, count, calendar, normals);
}

/** From here on memory is the caller's. */
export const free: usize = __heap_base;
