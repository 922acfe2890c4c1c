import { InputError } from "../errors.ts";
import { LATEST } from "../keys.ts";
import { dashed } from "../time.ts";
import { fileName } from "./product.ts";
import type { Claim, Issue } from "./records.ts";

/** What the name of a forecast file tells. */
export interface ForecastName {
  /**
   * How the forecast is called in keys: `20200625.202008` of `CFSv2.Prec.20200625.202008.nc`; without these two dates the
   * name without its extension.
   */
  readonly label: string;
  /** Day of issue as YYYYMMDD, or null where the name has none, or several. */
  readonly issued: string | null;
  /** Target month as YYYY-MM, or null. */
  readonly target: string | null;
  /** Whether a day or a month in it tells this forecast from others of its kind. */
  readonly isDated: boolean;
}

/** The day of issue and the target month, as CPC names them. */
const ISSUED_AND_TARGET = /(?<!\d)(\d{8})\.(\d{6})(?!\d)/;

/** `20200625`, with an hour `2020062512`, and `2020-06-25`; but not `v20200625`, which is a version. */
const DAYS =
  /(?<!\d|(?:^|[^a-z])v)(?:((?:19|20|21)\d{6})(?:[01]\d|2[0-3])?(?!\d)|((?:19|20|21)\d\d-\d\d-\d\d)(?!\d))/gi;

/** `202006` and `2020-06`. */
const MONTH = /(?<!\d)(?:19|20|21)\d\d-?(?:0[1-9]|1[0-2])(?!\d)/;

/** Day of issue, YYYYMMDD, and target month, YYYY-MM, of a name that has both as CPC's have; undefined for any other. */
export function issuedAndTarget(
  key: string,
): { readonly label: string; readonly issued: string; readonly target: string } | undefined {
  const [label, issued = "", target = ""] = ISSUED_AND_TARGET.exec(fileName(key)) ?? [];
  if (label === undefined || !isDate(issued) || !isDate(`${target}01`)) return undefined;
  return { label, issued, target: `${target.slice(0, 4)}-${target.slice(4)}` };
}

/** @throws InputError `BadName` where the name cannot be part of a key */
export function readForecastName(key: string): ForecastName {
  const name = fileName(key);
  const dated = issuedAndTarget(name);
  if (dated !== undefined) return { ...dated, isDated: true };
  const stem = name.replace(/\.gz$/i, "").replace(/\.[^.]*$/, "");
  // Its series would be where the product's latest.json is.
  const taken = stem.toLowerCase() === LATEST;
  if (taken || stem === "" || stem.startsWith(".") || /[\p{Cc}\p{Bidi_Control}\\{}]/u.test(stem)) {
    throw new InputError("BadName", `"${name}" cannot name a forecast`, {
      file: key,
      hint: "Give it a name such as CFSv2.Prec.20200625.202008.nc",
    });
  }
  const found = Array.from(stem.matchAll(DAYS), (match) => (match[1] ?? match[2]!).replaceAll("-", ""));
  const days = new Set(found.filter(isDate));
  const [day = null] = days;
  return { label: stem, issued: days.size === 1 ? day : null, target: null, isDated: day !== null || MONTH.test(stem) };
}

/** What a claim calls its forecast; those of older versions have only its key. */
export function issueOf({ issue, forecast }: Partial<Pick<Claim, "issue">> & Pick<Claim, "forecast">): Issue {
  if (issue !== undefined) return issue;
  const { label, issued } = readForecastName(forecast.key);
  return { label, issued };
}

/** Whether YYYYMMDD is a day that there is. */
function isDate(text: string): boolean {
  const date = dashed(text);
  const time = Date.parse(date);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
