/**
 * Addresses and keys with words for dates: `{YYYY}`, `{MM}`, `{DD}`, `{YYYYMM}` and `{YYYYMMDD}` of the day of issue,
 * `{target:YYYY}`, `{target:MM}` and `{target:YYYYMM}` of the target month; in a key, too, `{name}`, the publisher's name.
 */
const WORD = /\{(?:(target):)?(YYYYMMDD|YYYYMM|YYYY|MM|DD)\}/g;

/** Dates that a name tells, or is made of. */
export interface NameDates {
  /** The day of issue, `YYYY-MM-DD`. */
  readonly issued: string;
  /** The target month, `YYYY-MM`. */
  readonly target?: string | undefined;
}

/** The words of a template that are none, with their braces. */
export function unknownWords(template: string): string[] {
  return template.replaceAll(WORD, "").match(/\{[^}]*\}?|\}/g) ?? [];
}

/** Whether a template has words for the target month. */
export function hasTarget(template: string): boolean {
  return template.includes("{target:");
}

/** Whether the words of a template tell a day of issue, or for a monthly forecast its month. */
export function tellsIssue(template: string, issued: "daily" | "monthly"): boolean {
  const letters = Array.from(template.matchAll(WORD), ([, of, form = ""]) => (of === undefined ? form : "")).join("");
  return ["YYYY", "MM", ...(issued === "daily" ? ["DD"] : [])].every((part) => letters.includes(part));
}

/** The template with dates in the place of its words. */
export function expand(template: string, { issued, target = "" }: NameDates): string {
  return template.replaceAll(WORD, (_, of: string | undefined, form: string) => {
    const [year = "", month = "", day = ""] = (of === undefined ? issued : target).split("-");
    return form.replace("YYYY", year).replace("MM", month).replace("DD", day);
  });
}

/**
 * The dates of a text that a template was expanded to, or undefined where it is none: no other text, no date that there is
 * not, no two words that contradict each other.
 *
 * @param day - the day of issue, of a template that has none
 */
export function datesIn(template: string, text: string, day: number | undefined): NameDates | undefined {
  const words: string[] = [];
  const literal = template.split(WORD).filter((_, i) => i % 3 === 0);
  const forms = Array.from(template.matchAll(WORD), ([, of = "", form = ""]) => {
    words.push(of);
    return form;
  });
  const pattern = literal.map((part, i) => escaped(part) + (forms[i] === undefined ? "" : `(\\d{${forms[i].length}})`));
  const found = new RegExp(`^${pattern.join("")}$`).exec(text)?.slice(1);
  if (found === undefined) return undefined;
  const parts = new Map<string, string>();
  for (const [i, digits] of found.entries()) {
    let at = 0;
    for (const part of forms[i]!.match(/YYYY|MM|DD/g) ?? []) {
      const value = digits.slice(at, (at += part.length));
      const name = words[i]! + part;
      if ((parts.get(name) ?? value) !== value) return undefined;
      parts.set(name, value);
    }
  }
  return checked(parts, day);
}

function checked(parts: ReadonlyMap<string, string>, day: number | undefined): NameDates | undefined {
  const [year, month, on] = ["YYYY", "MM", "DD"].map((part) => parts.get(part));
  const [targetYear, targetMonth] = ["targetYYYY", "targetMM"].map((part) => parts.get(part));
  if (year === undefined || month === undefined || !isMonth(month)) return undefined;
  const issued = on === undefined ? dayOfMonth(Number(year), Number(month) - 1, day ?? 1) : `${year}-${month}-${on}`;
  if (Number.isNaN(Date.parse(issued)) || !new Date(issued).toISOString().startsWith(issued)) return undefined;
  if (targetYear === undefined || targetMonth === undefined) return { issued };
  return isMonth(targetMonth) ? { issued, target: `${targetYear}-${targetMonth}` } : undefined;
}

function isMonth(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 12;
}

/**
 * A day of a month, `YYYY-MM-DD`; the last one where the month has not so many.
 *
 * @param month - counted from 0, also beyond the year's end
 */
export function dayOfMonth(year: number, month: number, day: number): string {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, "YYYY-MM-DD".length);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
