import { type Command, InvalidArgumentError, Option } from "commander";
import { messageOf } from "../../lib/errors.ts";
import { type Encoding, parseEncoding } from "../../lib/stations/encoding.ts";
import { filePlace, folderPlace, placeOf } from "../../lib/store/place.ts";

/**
 * Refuses an option that is given twice, of this command and of those below it: commander itself takes the last value,
 * and says nothing of the others.
 */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    if (option.variadic) continue;
    const given: string[] = [];
    command.on(`option:${option.name()}`, (value: string | undefined) => {
      given.push(value === undefined ? "" : ` as "${value}"`);
      const [first, second] = given;
      if (second === undefined) return;
      const times = first === "" ? "twice" : `twice,${first} and${second}`;
      command.error(`error: option '${option.flags}' is given ${times}. Give it once`);
    });
  }
  for (const below of command.commands) refuseRepeats(below);
}

/**
 * The options that name what a run reads, and its time for now.
 *
 * @param asked - whether a command needs `all` of the files that runs have, of which there may be several forecasts, takes `any`
 *   of one run, or needs those that runs `share`, which are all but a forecast
 */
export function withFiles(command: Command, asked: "all" | "any" | "shared"): Command {
  const file = (flags: string, description: string) => new Option(flags, description).argParser(parseFile);
  const needed = (option: Option) => option.makeOptionMandatory(asked !== "any");
  command.addOption(
    needed(
      file(
        "--observations <file>",
        "archive of observations, in NetCDF, GRIB or Zarr: a file, or a quoted pattern such as 'era5/*.nc' for the months of all",
      ),
    ),
  );
  const forecast = forecastOption(asked);
  if (forecast !== undefined) command.addOption(needed(forecast));
  return command
    .addOption(needed(file("--stations <file>", "station table, .xls, .xlsx or .csv")))
    .option("--encoding <name>", "encoding of a station table that is text (default: found out)", parseTextEncoding)
    .addOption(file("--climatology <file>", "climatology of a product that has one of its own"))
    .addOption(
      file(
        "--forecast-climatology <file>",
        "hindcasts of a product that takes their mean off its forecasts, or their climatology",
      ),
    )
    .option("--product <name>", "which product to make (default: the only one of --products, else prec)")
    .addOption(file("--products <file>", "a products.json with more or other products"))
    .option(
      "--now <time>",
      "UTC time of the row between observations and forecast (default: the forecast's day of issue, or else this second)",
      parseNow,
    );
}

function forecastOption(asked: "all" | "any" | "shared"): Option | undefined {
  switch (asked) {
    case "all": {
      const text = "forecast, in NetCDF, GRIB or Zarr: a file, or several; a folder; or a quoted pattern";
      return new Option("--forecast <files...>", text).argParser(parseForecasts);
    }
    case "any":
      return new Option("--forecast <file>", "forecast, in NetCDF, GRIB or Zarr").argParser(parseFile);
    case "shared":
      return undefined;
  }
}

function parseNow(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})Z?$/.exec(text);
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  // Dates that roll over, such as 30 February, come back as another day.
  if (match === null || Number.isNaN(time) || !new Date(time).toISOString().startsWith(`${match[1]}T${match[2]}`)) {
    throw new InvalidArgumentError("Give a UTC time such as 2020-06-30T12:34:56.");
  }
  return `${match[1]} ${match[2]}`;
}

export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) throw new InvalidArgumentError("Give a number.");
  return number;
}

function parseTextEncoding(name: string): Encoding {
  return named(() => parseEncoding(name));
}

/** The path of a file, or the URL of an object of a bucket, as it was given. */
export function parseFile(text: string): string {
  return checked(text, filePlace);
}

/** One more of several forecasts, or of the folders that they are in. */
function parseForecasts(text: string, before: readonly string[] = []): string[] {
  return [...before, checked(text, placeOf)];
}

/** One more of several files. */
export function parseFiles(text: string, before: readonly string[] = []): string[] {
  return [...before, parseFile(text)];
}

/** The path of a folder, or the URL of a bucket or a prefix of it, as it was given. */
export function parseOut(text: string): string {
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
