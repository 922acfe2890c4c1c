import { type Command, Option } from "commander";
import { EXTENTS, GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { parseCount, parseFile, parseForecasts, parseInput, parseOut, parseTextEncoding, parseTime } from "./parse.ts";
import { needed } from "./required.ts";

/** Options that several commands have are made here, so that a letter means the same in all of them. */

const option = <T>(flags: string, description: string, parse: (text: string, before: T) => T) =>
  new Option(flags, description).argParser(parse);

export const outOption = (description: string) => needed(option("-o, --out <folder>", description, parseOut));

export const productOption = (description: string) => new Option("-p, --product <name>", description);

export const productsOption = () =>
  option("--products <file>", "a products.json with more or other products; - for stdin", parseInput);

/** The options of what makes runs: where they are kept, and how their grid is made. */
export function withOutput(command: Command): Command {
  return command
    .addOption(outOption("where series, grids and runs are kept, laid out as the output bucket is"))
    .addOption(
      new Option(
        "--grid <extent>",
        "cells of the anomaly grid: those of the stations' region, or all (default: as the product says)",
      ).choices(EXTENTS),
    )
    .option("--grid-memory <MiB>", "of the anomaly grid held at once", parseCount, GRID_MEMORY_BYTES / 2 ** 20);
}

/**
 * The options that name what a run reads, and its time for now.
 *
 * @param asked - whether a command needs `all` of the files that runs have, of which there may be several forecasts, takes `any`
 *   of one run, or needs those that runs `share`, which are all but a forecast
 */
export function withFiles(command: Command, asked: "all" | "any" | "shared"): Command {
  const ofRun = (one: Option) => (asked === "any" ? one : needed(one));
  const observations = option(
    "-b, --observations <file>",
    "archive of observations, in NetCDF, GRIB or Zarr: a file, or a quoted pattern such as 'era5/*.nc' for the months of all",
    parseFile,
  );
  command.addOption(ofRun(observations));
  const forecast = forecastOption(asked);
  if (forecast !== undefined) command.addOption(ofRun(forecast));
  return command
    .addOption(ofRun(option("-s, --stations <file>", "station table, .xls, .xlsx or .csv; - for stdin", parseInput)))
    .option("--encoding <name>", "encoding of a station table that is text (default: found out)", parseTextEncoding)
    .addOption(option("--climatology <file>", "climatology of a product that has one of its own", parseFile))
    .addOption(
      option(
        "--forecast-climatology <file>",
        "hindcasts of a product that takes their mean off its forecasts, or their climatology",
        parseFile,
      ),
    )
    .addOption(productOption("which product to make (default: the only one of --products, else prec)"))
    .addOption(productsOption())
    .option(
      "--now <time>",
      "UTC time of the row between observations and forecast, or a day for its midnight (default: the forecast's day of issue, or else this second)",
      parseTime,
    );
}

function forecastOption(asked: "all" | "any" | "shared"): Option | undefined {
  switch (asked) {
    case "all": {
      const text = "forecast, in NetCDF, GRIB or Zarr: a file, or several; a folder; or a quoted pattern";
      return option("-f, --forecast <files...>", text, parseForecasts);
    }
    case "any":
      return option("-f, --forecast <file>", "forecast, in NetCDF, GRIB or Zarr", parseFile);
    case "shared":
      return undefined;
  }
}
