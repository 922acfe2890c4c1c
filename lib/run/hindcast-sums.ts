import { InputError } from "../errors.ts";
import { makeAxis } from "../grid/axis.ts";
import { missingCoordinates, readPlaces } from "../netcdf/coordinates.ts";
import type { Dataset, Slab } from "../netcdf/dataset.ts";
import { read } from "../netcdf/decode.ts";
import { findRoles } from "../netcdf/roles.ts";
import { findVariable } from "../netcdf/slab.ts";
import { textOf } from "../netcdf/text-of.ts";
import { allValid, requireInRange } from "../netcdf/valid-range.ts";
import { reordered } from "../netcdf/views/reordered.ts";
import { sameScale } from "../units/chosen.ts";
import { type HindcastOrder, type HindcastStart, hindcastStarts } from "./hindcast-starts.ts";

/** Degrees that coordinates may differ by and still be those of the same cells. */
const SAME_CELL = 1e-3;

/** What hindcasts of the forecast's start add up to, by lead and cell; and of which years they are. */
export class HindcastSums {
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #order: HindcastOrder;
  /** Years in which hindcasts start. */
  readonly years = new Set<number>();
  /** How many of all starts were none of the forecast's. */
  others = 0;
  /** Whether all that was added is a mean of years already. */
  isClimatology = false;

  constructor(order: HindcastOrder) {
    this.#order = order;
    this.#sums = new Float64Array(order.forecast.values.length);
    this.#counts = new Uint32Array(order.forecast.values.length);
  }

  /**
   * Adds the hindcasts of a file that start as the forecast does.
   *
   * @throws InputError `MissingVariable`, `MissingCoordinate`, `BadAxis`, `BadUnits`, `BadDimensions`, `BadTime`, `BadBaseline`,
   *   `BadRange`
   */
  add(file: Dataset): void {
    const { variable: name, ignoreValidRange } = this.#order;
    const opened = ignoreValidRange === true ? allValid(file, name) : file;
    const { dimensions } = findVariable(opened, name);
    const { lat, lon } = findRoles(opened, name);
    if (lat === undefined || lon === undefined) throw missingCoordinates(opened, name, { lat, lon });
    const dataset = reordered(opened, name, [...dimensions.filter((each) => each !== lat && each !== lon), lat, lon]);
    requireSameGrid(dataset, this.#order, { lat, lon });
    requireSameUnits(dataset, this.#order);
    const { starts, others } = hindcastStarts(dataset, this.#order);
    this.others += others;
    for (const start of starts) {
      if (start.year === undefined) this.isClimatology = true;
      else this.years.add(start.year);
      this.#addStart(dataset, start);
    }
    const slabs = starts.flatMap((start) => start.leadAt.map((lead) => this.#slabOf(dataset, start, lead)));
    requireInRange(dataset, { variable: name, slabs, field: "forecast.ignoreValidRange" });
  }

  /** Of a lead, by its position. */
  #slabOf(dataset: Dataset, { fixed, leadAlong }: HindcastStart, position: number): Slab {
    const { dimensions, shape } = findVariable(dataset, this.#order.variable);
    return dimensions.map((dimension, d) => {
      const at = dimension === leadAlong ? position : fixed.get(dimension);
      return at === undefined ? [0, shape[d]!] : [at, at + 1];
    });
  }

  #addStart(dataset: Dataset, start: HindcastStart): void {
    const { variable: name, forecast } = this.#order;
    const field = forecast.lat.values.length * forecast.lon.values.length;
    for (const [lead, position] of start.leadAt.entries()) {
      const values = read(dataset, name, this.#slabOf(dataset, start, position));
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        if (Number.isNaN(value)) continue;
        const to = lead * field + (i % field);
        this.#sums[to]! += value;
        this.#counts[to]!++;
      }
    }
  }

  /** The means of all that was added, in the type of the forecast; NaN where nothing was. */
  means(): Float32Array | Float64Array {
    return this.#order.forecast.values.map((_, i) => this.#sums[i]! / this.#counts[i]!);
  }
}

function requireSameGrid(
  dataset: Dataset,
  { variable, forecast }: HindcastOrder,
  along: { readonly lat: string; readonly lon: string },
): void {
  for (const [kind, role] of [
    ["latitude", "lat"],
    ["longitude", "lon"],
  ] as const) {
    const theirs = makeAxis(kind, readPlaces(dataset, variable, along[role]), dataset.file, along[role]).values;
    const ours = forecast[role].values;
    const isSame = theirs.length === ours.length && theirs.every((value, i) => Math.abs(value - ours[i]!) <= SAME_CELL);
    if (isSame) continue;
    throw new InputError("BadAxis", `its ${kind}s are others than those of ${forecast.key}`, {
      file: dataset.file,
      hint: `Hindcasts are on the cells of their forecast, in the same order: bring them to these first, e.g. by cdo remapbil,${forecast.key} in.nc out.nc`,
    });
  }
}

function requireSameUnits(dataset: Dataset, { variable, units: ours, forecast }: HindcastOrder): void {
  const units = textOf(findVariable(dataset, variable), "units");
  if (units === "" || ours.length === 0 || ours.some((each) => sameScale(units, each))) return;
  throw new InputError("BadUnits", `"${variable}" is in ${units}, and the forecast ${forecast.key} in ${ours[0]}`, {
    file: dataset.file,
    hint: "Hindcasts have the units of their forecast: convert them, or correct forecast.units of the product",
  });
}
