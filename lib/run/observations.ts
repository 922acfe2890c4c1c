import { InputError, isInputError } from "../errors.ts";
import { type GridRequest, minDaysOf } from "../grid/grid-order.ts";
import { findCoordinates } from "../netcdf/coordinates.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import { openDataset, withDataset } from "../netcdf/open.ts";
import { findVariable } from "../netcdf/slab.ts";
import { findTimeSource } from "../netcdf/time-source.ts";
import { allValid, evenly, requireFieldsInRange } from "../netcdf/valid-range.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { combined } from "../netcdf/views/combined.ts";
import { monthly } from "../netcdf/views/monthly.ts";
import { reordered } from "../netcdf/views/reordered.ts";
import { selected } from "../netcdf/views/selected.ts";
import { withDimension } from "../netcdf/views/with-dimension.ts";
import { withTimes } from "../netcdf/views/with-times.ts";
import { withUnits } from "../netcdf/views/with-units.ts";
import type { NamedPath } from "../store/input-file.ts";
import { monthText, timeText } from "../time.ts";
import type { LocalArchive } from "./local-archive.ts";
import { unitsOfSum } from "./units-of-sum.ts";

/**
 * Opens an archive for as long as `use` takes, as what grids are made of: {@link asObservations}.
 *
 * @throws InputError as opening it does, and as {@link asObservations}
 */
export function withObservations<T>(
  archive: LocalArchive,
  request: GridRequest,
  use: (dataset: Dataset) => T | Promise<T>,
): Promise<T> {
  if ("files" in archive) return withJoined(archive, request, use);
  return withDataset(archive.path, archive.key, (dataset) => use(asObservations(dataset, request)));
}

/** {@link withObservations} of the months, or the days of the weeks, of several files. */
async function withJoined<T>(
  { key: file, files }: Exclude<LocalArchive, NamedPath>,
  request: GridRequest,
  use: (dataset: Dataset) => T | Promise<T>,
): Promise<T> {
  const isDaily = isOfDays(request);
  const parts = files.map(({ path, key }) => ({ file: key, open: () => openFields(path, key, request), isDaily }));
  // Loaded late: most archives are one file.
  const { joinedAlongTime } = await import("../netcdf/views/joined.ts");
  const order = { variable: request.variable, file, periodOf: isDaily ? timeText : monthText };
  const dataset = await joinedAlongTime(parts, order);
  await requireSomeInRange(files, request);
  return use(inRows(dataset, request));
}

/** Of this many files of an archive it is seen whether their values are valid. */
const MOST_FILES = 12;

/** As {@link requireInRange}: a file of an archive may have no valid value, if others have. */
async function requireSomeInRange(files: readonly NamedPath[], request: GridRequest): Promise<void> {
  let refused: unknown;
  for (const i of evenly(files.length, MOST_FILES)) {
    const { path, key } = files[i]!;
    try {
      return await withDataset(path, key, (dataset) => requireInRange(dataset, request));
    } catch (error) {
      if (!isInputError(error, "BadRange")) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** @throws InputError `BadRange` where the file has values, and its valid range excludes them all */
function requireInRange(dataset: Dataset, { variable, ignoreValidRange }: GridRequest): void {
  if (ignoreValidRange !== true) requireFieldsInRange(dataset, { variable, field: "observations.ignoreValidRange" });
}

async function openFields(path: string, key: string, request: GridRequest): Promise<Dataset> {
  const dataset = await openDataset(path, key);
  try {
    return asFields(dataset, request);
  } catch (error) {
    dataset.close();
    throw error;
  }
}

/**
 * An archive with the variable of a request in the shape (time, lat, lon), wherever that can be made of what the file has;
 * the very dataset where it has it. Dimensions of length 1 may be anywhere.
 *
 * @throws InputError `MissingVariable`, `MissingCoordinate`, `NotNumeric`; `BadDimensions` where nothing says what to take
 *   along another dimension, `BadProduct` where that cannot be taken; `BadRange` where its values are outside of its valid range
 */
export function asObservations(dataset: Dataset, request: GridRequest): Dataset {
  const fields = asFields(dataset, request);
  requireInRange(dataset, request);
  return inRows(fields, request);
}

/** The fields of an archive, which need not be months. */
function asFields(opened: Dataset, request: GridRequest): Dataset {
  const { variable: name } = request;
  const dataset = ofOneTime(opened, name);
  const { time, lat, lon } = findCoordinates(dataset, name);
  const order = [time, lat, lon];
  const valid = request.ignoreValidRange === true ? allValid(dataset, name) : dataset;
  return inOrder(taken(valid, request, order), name, order);
}

/** Fields of one month may have its time as a coordinate alone, and no dimension of it; or a start and a lead of one value. */
function ofOneTime(dataset: Dataset, name: string): Dataset {
  const source = findTimeSource(dataset, name);
  if (source === undefined || source.along !== undefined || source.kind === "initial") return dataset;
  if (source.kind === "time") return withDimension(dataset, name, source.coordinate);
  const timed = withTimes(dataset, "time", readValidTimes(dataset, name, source, 0).seconds);
  return withDimension(timed, name, findVariable(timed, "time"));
}

function isOfDays({ frequency, weekly }: GridRequest): boolean {
  return frequency === "daily" || weekly !== undefined;
}

/** The months of an archive: its fields, or what is made of them. Weeks are made with the grid, of the fields as they are. */
function inRows(dataset: Dataset, request: GridRequest): Dataset {
  const { variable, weekly, monthly: how = "mean" } = request;
  if (!isOfDays(request)) return dataset;
  const per = weekly === undefined ? "month" : "week";
  const units = (weekly ?? how) === "sum" ? unitsOfSum(dataset, request, per) : undefined;
  if (weekly !== undefined) return withUnits(dataset, variable, units);
  return withUnits(monthly(dataset, variable, { how, minDays: minDaysOf(request) }), variable, units);
}

/** The values that a request takes along the dimensions that are not of the grid. */
function taken(dataset: Dataset, request: GridRequest, ofGrid: readonly string[]): Dataset {
  const { variable: name, select = {} } = request;
  const { dimensions, shape } = findVariable(dataset, name);
  const others = dimensions.filter((dimension) => !ofGrid.includes(dimension));
  requireKnown(dataset.file, request, others);
  const positions = new Map<string, number>();
  const [means, merges]: [string[], string[]] = [[], []];
  for (const dimension of others) {
    const size = shape[dimensions.indexOf(dimension)]!;
    const key = Object.keys(select).find((wanted) => sameName(wanted, dimension));
    const choice = key === undefined ? undefined : select[key];
    if (choice === undefined && size === 1) continue;
    if (choice === undefined || size === 0 || (typeof choice === "number" && choice >= size)) {
      throw notTaken(dataset.file, { variable: name, dimension, size, choice });
    }
    if (choice === "mean") means.push(dimension);
    else if (choice === "merge") merges.push(dimension);
    else positions.set(dimension, choice === "last" ? size - 1 : choice);
  }
  const atPositions = selected(dataset, name, positions);
  const merged = combined(atPositions, name, { along: merges, how: "merge" });
  return combined(merged, name, { along: means, how: "mean" });
}

/**
 * Checks that there are the dimensions that a request chooses along: a misspelt one would be ignored. What is merged may be
 * whole already: an archive has two experiments as long as its last months are preliminary.
 */
function requireKnown(file: string, { variable, select = {} }: GridRequest, others: readonly string[]): void {
  const unknown = Object.entries(select).find(
    ([wanted, choice]) => choice !== "merge" && !others.some((dimension) => sameName(wanted, dimension)),
  );
  if (unknown === undefined) return;
  throw new InputError("BadProduct", `"${variable}" has no dimension ${unknown[0]} to choose along`, {
    file,
    choices: others,
    hint: "Correct observations.select of the product",
  });
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

interface NotTaken {
  readonly variable: string;
  readonly dimension: string;
  readonly size: number;
  readonly choice: NonNullable<GridRequest["select"]>[string] | undefined;
}

function notTaken(file: string, { variable, dimension, size, choice }: NotTaken): InputError {
  if (size === 0) {
    return new InputError("BadDimensions", `dimension ${dimension} of "${variable}" has length 0`, {
      file,
      hint: "Fetch it again, when it is whole",
    });
  }
  const hint = `Set observations.select.${dimension} of the product to a position from 0 to ${size - 1}, "last", "mean" or "merge"`;
  if (choice !== undefined) {
    return new InputError("BadProduct", `"${variable}" has no position ${choice} along ${dimension}`, { file, hint });
  }
  const problem = `"${variable}" has ${size} values along ${dimension}, and the product does not say which to take`;
  return new InputError("BadDimensions", problem, { file, hint });
}

function inOrder(dataset: Dataset, name: string, order: readonly string[]): Dataset {
  const { dimensions } = findVariable(dataset, name);
  const ofGrid = dimensions.filter((dimension) => order.includes(dimension));
  if (ofGrid.every((dimension, i) => dimension === order[i])) return dataset;
  return reordered(dataset, name, [...dimensions.filter((dimension) => !order.includes(dimension)), ...order]);
}
