import { utils, write } from "@e965/xlsx";
import type { Random } from "./random.ts";

const HEADER = ["省份", "区站号", "站名", "纬度(度分)", "经度(度分)", "观测场海拔高度(米)"];

/** China's mainland: a box within each province (south, north, west, east in degrees) and its usual elevation, m. */
const PROVINCES = [
  ["北京", 39.5, 41, 115.5, 117.3, 60],
  ["天津", 38.7, 40.1, 116.8, 118, 10],
  ["河北", 36.2, 42, 114, 117.5, 90],
  ["山西", 34.8, 40.5, 110.8, 114.2, 900],
  ["内蒙古", 40.5, 46, 108, 120, 1100],
  ["辽宁", 40, 43, 120.5, 125, 80],
  ["吉林", 42, 45.5, 123.5, 129.5, 300],
  ["黑龙江", 45.5, 50.5, 124, 133.5, 200],
  ["上海", 30.8, 31.6, 121, 121.9, 4],
  ["江苏", 31.3, 34.8, 117.5, 120.8, 20],
  ["浙江", 27.5, 31, 118.5, 121.7, 80],
  ["安徽", 29.8, 34.2, 115.8, 118.8, 50],
  ["福建", 23.8, 27.9, 116.2, 119.5, 200],
  ["江西", 25, 29.6, 114, 117.5, 120],
  ["山东", 34.8, 37.8, 115.8, 121.5, 60],
  ["河南", 32, 36, 111.2, 115.8, 120],
  ["湖北", 29.5, 33, 108.8, 115.8, 150],
  ["湖南", 25, 29.8, 109.5, 113.8, 180],
  ["广东", 21.5, 25, 110.5, 116.8, 60],
  ["广西", 21.8, 26, 105.5, 111.5, 200],
  ["海南", 18.2, 20, 108.8, 110.9, 50],
  ["重庆", 28.5, 31.8, 105.8, 110, 350],
  ["四川", 27, 33.5, 99, 107.5, 1500],
  ["贵州", 25, 29, 104.5, 109, 1000],
  ["云南", 22, 28.5, 98.5, 105, 1700],
  ["西藏", 28.5, 35, 80, 98, 4000],
  ["陕西", 32, 39, 107, 110.5, 700],
  ["甘肃", 33, 40.5, 96, 108, 1500],
  ["青海", 32.5, 38.5, 91, 102, 3200],
  ["宁夏", 35.5, 39, 105, 107.2, 1300],
  ["新疆", 36, 48, 75, 94, 900],
] as const;

/** Syllables of place names, to be put together at random. */
const FIRST = Array.from("安宁清永新东西南北平长青武临兴高太广文大");
const SECOND = Array.from("州山江河阳城原川林水口关丰溪湖岭泉海庄桥");

const FIRST_ID = 50_000;

/**
 * A station table as the China Meteorological Administration hands them out: a BIFF8 workbook (.xls) of one sheet with
 * province, number, name, latitude and longitude in degrees and minutes (`3948N`), elevation in metres.
 *
 * @param count at most 50 000, so that every station has a number of five digits
 */
export function stationTable(count: number, random: Random): Uint8Array {
  const between = (low: number, high: number): number => low + (high - low) * random();
  const pick = (syllables: readonly string[]): string => syllables[Math.floor(random() * syllables.length)] ?? "";
  const rows = Array.from({ length: count }, (_, i) => {
    // Provinces one after the other, as real tables are ordered.
    const [province, south, north, west, east, elevation] = PROVINCES[Math.floor((i * PROVINCES.length) / count)]!;
    return [
      province,
      FIRST_ID + i,
      pick(FIRST) + pick(SECOND),
      `${degreesMinutes(between(south, north), 2)}N`,
      `${degreesMinutes(between(west, east), 3)}E`,
      Math.round(10 * elevation * between(0.6, 1.4)) / 10,
    ];
  });
  const book = utils.book_new(utils.aoa_to_sheet([HEADER, ...rows]), "Sheet1");
  return new Uint8Array(write(book, { type: "array", bookType: "biff8" }) as ArrayBuffer);
}

/** `39.8` as `3948`, the degrees of at least so many digits. */
function degreesMinutes(degrees: number, digits: number): string {
  const minutes = Math.round(degrees * 60);
  return String(Math.floor(minutes / 60)).padStart(digits, "0") + String(minutes % 60).padStart(2, "0");
}
