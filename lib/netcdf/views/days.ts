import { InputError } from "../../errors.ts";
import { monthNumber, monthText } from "../../time.ts";
import { sortBy } from "../commands.ts";

/** The fields of a month among those of an archive of days, or of parts of days. */
export interface MonthOfDays {
  /** As `monthNumber` gives it. */
  readonly month: number;
  /** Positions of its fields. */
  readonly start: number;
  readonly stop: number;
  /** How many values a cell needs of them. */
  readonly least: number;
}

const DAY = 86_400;

/** Fields that are farther apart are months already, or longer than that. */
const LONGEST_STEP = 20 * DAY;

/** The time from a field to the next one, in seconds, that is the middle one of all; undefined for fewer than two fields. */
export function stepOf(seconds: Float64Array): number | undefined {
  const steps = seconds.subarray(1).map((time, i) => time - seconds[i]!);
  return steps.toSorted()[Math.floor(steps.length / 2)];
}

/** Whether fields are so close that several of them make a month. */
export function areWithinMonths(seconds: Float64Array): boolean {
  const step = stepOf(seconds);
  return step !== undefined && step < LONGEST_STEP && seconds.length > 2;
}

/**
 * The months of some times, in order. The last one is left out where its last fields are not there yet.
 *
 * A whole month has the fields of the days of the real calendar, or of fewer where no month of the archive has 31 days, or no
 * February 29: then its calendar is one of 360 days, or without leap days.
 *
 * @param file - what messages call the file
 * @param minDays - that a cell needs; fewer in a month that has not so many
 * @throws InputError `BadTime` where the times fall, are months, or make no whole one
 */
export function monthsOfDays(seconds: Float64Array, minDays: number, file: string): MonthOfDays[] {
  const step = stepOf(seconds);
  if (step === undefined || !areWithinMonths(seconds)) {
    throw new InputError("BadTime", `its ${seconds.length} times are no days`, {
      file,
      hint: "Leave observations.frequency of the product out: it says that months are to be made of days",
    });
  }
  const runs = runsOf(seconds, file);
  const most = wholeMonths(runs, step);
  const last = runs.at(-1)!;
  const isOver = seconds.at(-1)! + step >= startOf(last.month + 1) || last.stop - last.start >= most(last.month);
  const whole = isOver ? runs : runs.slice(0, -1);
  if (whole.length === 0) {
    const only = monthText(seconds[0]!);
    const hint = "A month is made of the fields of all of its days: use an archive of whole months";
    throw new InputError("BadTime", `has no month but a part of ${only}`, { file, hint });
  }
  return whole.map((run) => ({
    ...run,
    least: Math.max(1, Math.min(Math.ceil((minDays * DAY) / step), most(run.month))),
  }));
}

type Run = Omit<MonthOfDays, "least">;

function runsOf(seconds: Float64Array, file: string): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (let i = 1; i <= seconds.length; i++) {
    if (i < seconds.length && seconds[i]! < seconds[i - 1]!) {
      throw new InputError(
        "BadTime",
        `its times go back from ${monthText(seconds[i - 1]!)} to ${monthText(seconds[i]!)}`,
        {
          file,
          hint: `Sort the archive by time first, e.g. by: ${sortBy("time")}`,
        },
      );
    }
    const month = monthNumber(seconds[start]!);
    if (i < seconds.length && monthNumber(seconds[i]!) === month) continue;
    runs.push({ month, start, stop: i });
    start = i;
  }
  return runs;
}

/** How many fields a month has when it is whole. */
function wholeMonths(runs: readonly Run[], step: number): (month: number) => number {
  // The first month and the last may lack some.
  const inner = runs.slice(1, -1);
  /** How many days months of so many have here: one less, where none has all. */
  const seen = (days: number, of: readonly Run[]) =>
    of.length > 0 && of.every(({ start, stop }) => (stop - start) * step <= (days - 1) * DAY) ? days - 1 : days;
  const longest = seen(
    31,
    inner.filter(({ month }) => daysIn(month) === 31),
  );
  const leap = seen(
    29,
    inner.filter(({ month }) => month % 12 === 1 && daysIn(month) === 29),
  );
  return (month) => {
    const days = daysIn(month);
    return Math.floor((Math.min(days, days === 29 ? leap : longest) * DAY) / step);
  };
}

function daysIn(month: number): number {
  return (startOf(month + 1) - startOf(month)) / DAY;
}

/** UTC seconds of the start of a month. */
export function startOf(month: number): number {
  return new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1) / 1000;
}
