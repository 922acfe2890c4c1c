import { InputError } from "../errors.ts";
import type { GridRequest } from "../grid/grid-order.ts";
import type { Dataset } from "../netcdf/dataset.ts";
import { findVariable } from "../netcdf/slab.ts";
import { textOf } from "../netcdf/text-of.ts";
import { findTimeSource } from "../netcdf/time-source.ts";
import { readValidTimes } from "../netcdf/valid-time.ts";
import { stepOf } from "../netcdf/views/days.ts";
import { converter } from "../units/converter.ts";
import { prettyUnits } from "../units/pretty.ts";
import { unitOf, unitTimes } from "../units/unit.ts";

/** What sums may be of. */
const AMOUNTS: readonly string[] = ["mm", "cm", "m", "in"];

/**
 * The units of the sums of a month's fields, or a week's: those of an amount, per month or week. Amounts of a day, and rates for
 * each day of a daily archive, add up to one; `mm/day` and `mm` to `mm/month`.
 *
 * @param product - `units`: those of the sums that the product says; then those of the fields are not needed
 * @returns undefined where the fields have units of something else, which the sums then have, too
 * @throws InputError `BadUnits` for rates of another time than the fields are apart: their sum is no amount
 */
export function unitsOfSum(dataset: Dataset, product: GridRequest, per: "month" | "week"): string | undefined {
  const { variable: name, units: ofProduct } = product;
  if (ofProduct !== undefined) return ofProduct;
  const text = textOf(findVariable(dataset, name), "units");
  const unit = unitOf(text);
  if (text === "" || unit === undefined) return undefined;
  const isRate = unit.powers.time < 0;
  const step = stepOf(readValidTimes(dataset, name, findTimeSource(dataset, name)!, 0).seconds) ?? 0;
  const amount = isRate ? unitTimes(unit, unitOf(`${step} s`) ?? unit) : unit;
  const found = AMOUNTS.find((candidate) => converter(amount, unitOf(candidate)!)?.(0) === 1);
  if (found !== undefined) return `${found}/${per}`;
  if (!isRate) return undefined;
  const hours = step / 3600;
  throw new InputError(
    "BadUnits",
    `"${name}" is in ${prettyUnits(text)} every ${hours} hours, of which the sum is no amount`,
    {
      file: dataset.file,
      hint: `Set observations.${per}ly of the product to "mean", or observations.units to the units that the sums of a ${per} have`,
    },
  );
}
