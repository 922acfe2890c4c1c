import { type Command, Option } from "commander";
import { EXTENTS, GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { parseCount, parseFile, parseForecasts, parseNow, parseOut, parseTextEncoding } from "./parse.ts";

const OUT_TEXT = "where series, grids and runs are kept, laid out as the output bucket is";
const GRID_TEXT = "cells of the anomaly grid: those of the stations' region, or all (default: as the product says)";

/** The options of what makes runs: where they are kept, and how their grid is made. */
export function withOutput(command: Command): Command {
  return command
    .requiredOption("--out <folder>", OUT_TEXT, parseOut)
    .addOption(new Option("--grid <extent>", GRID_TEXT).choices(EXTENTS))
    .option("--grid-memory <MiB>", "of the anomaly grid held at once", parseCount, GRID_MEMORY_BYTES / 2 ** 20);
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
