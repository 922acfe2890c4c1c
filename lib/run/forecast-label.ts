import { InputError } from "../errors.ts";
import { LATEST } from "../keys.ts";
import { fileName } from "./product.ts";

/** How a forecast is named in keys, and its day of issue where the name tells it. */
export interface ForecastLabel {
  /** `20200625.202008` of `CFSv2.Prec.20200625.202008.nc`; without such dates the name without its extension. */
  readonly label: string;
  /** Day of issue as YYYYMMDD, or null where the name has none. */
  readonly issued: string | null;
}

/**
 * The label of a forecast file: the day of issue and the target month in its name, if it has them.
 *
 * @throws InputError `BadName` where the name cannot be part of a key
 */
export function forecastLabel(key: string): ForecastLabel {
  const name = fileName(key);
  const dates = /(?<!\d)(\d{8})\.(\d{6})(?!\d)/.exec(name);
  if (dates !== null && isDate(`${dates[1]}`) && isDate(`${dates[2]}01`)) return { label: dates[0], issued: dates[1]! };
  const stem = name.replace(/\.[^.]*$/, "");
  // Its series would be where the product's latest.json is.
  const taken = stem.toLowerCase() === LATEST;
  if (taken || stem === "" || stem.startsWith(".") || /[\p{Cc}\\{}]/u.test(stem)) {
    throw new InputError("BadName", `"${name}" cannot name a forecast`, {
      file: key,
      hint: "Give it a name such as CFSv2.Prec.20200625.202008.nc",
    });
  }
  return { label: stem, issued: null };
}

/** Whether YYYYMMDD is a day that there is. */
function isDate(text: string): boolean {
  const date = text.replace(/(....)(..)(..)/, "$1-$2-$3");
  const time = Date.parse(date);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
