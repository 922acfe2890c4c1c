import { InvalidArgumentError } from "commander";
import { messageOf } from "../../lib/errors.ts";
import { type Encoding, parseEncoding } from "../../lib/stations/encoding.ts";
import { filePlace, folderPlace, placeOf } from "../../lib/store/place.ts";
import { STDIN } from "./stdin.ts";

/** A UTC time, or a day, whose midnight it begins with, as `YYYY-MM-DD HH:MM:SS`. */
export function parseTime(text: string): string {
  const [, day = "", clock = "00:00:00"] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})Z?)?$/.exec(text) ?? [];
  const time = Date.parse(`${day}T${clock}Z`);
  // Dates that roll over, such as 30 February, come back as another day.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(`${day}T${clock}`)) {
    throw new InvalidArgumentError("Give a UTC time such as 2020-06-30T12:34:56, or a day such as 2020-06-30.");
  }
  return `${day} ${clock}`;
}

export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) throw new InvalidArgumentError("Give a number.");
  return number;
}

export function parseTextEncoding(name: string): Encoding {
  return named(() => parseEncoding(name));
}

/** The path of a file, or the URL of an object of a bucket, as it was given. */
export function parseFile(text: string): string {
  if (text === STDIN) throw new InvalidArgumentError(`This is not read from stdin; a file of that name is ./${STDIN}.`);
  return checked(text, filePlace);
}

/** As {@link parseFile}, or what stands for stdin. */
export function parseInput(text: string): string {
  return text === STDIN ? text : parseFile(text);
}

/** One more of several forecasts, or of the folders that they are in. */
export function parseForecasts(text: string, before: readonly string[] = []): string[] {
  return [...before, text === STDIN ? parseFile(text) : checked(text, placeOf)];
}

/** One more of several files. */
export function parseInputs(text: string, before: readonly string[] = []): string[] {
  return [...before, parseInput(text)];
}

/** The path of a folder, or the URL of a bucket or a prefix of it, as it was given. */
export function parseOut(text: string): string {
  if (text === STDIN)
    throw new InvalidArgumentError(`Files are not written to stdout; a folder of that name is ./${STDIN}.`);
  return checked(text, folderPlace);
}

function checked(text: string, check: (text: string) => unknown): string {
  named(() => check(text));
  return text;
}

/** What is parsed; of an error, commander names the option too. */
function named<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}.`);
  }
}

export function parseSeconds(text: string): number {
  const seconds = parseNumber(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError("Give seconds, up to a day's 86400.");
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("Give a whole number from 1 on.");
  return count;
}

export function parsePort(text: string): number {
  const port = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("Give a number up to 65535, or 0 for any that is free.");
}

export function parseDays(text: string): number {
  const days = parseCount(text);
  if (days > MOST_DAYS) throw new InvalidArgumentError(`Give at most ${MOST_DAYS} days.`);
  return days;
}

/** As in a sources.json. */
const MOST_DAYS = 400;
