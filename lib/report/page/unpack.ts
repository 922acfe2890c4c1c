import { type PackedSeries, packedReader } from "../packed.ts";
import { inflated } from "./inflated.ts";

/** A function from a series' position and a month's to the value, NaN where missing, rounded to the packed step. */
export async function unpackSeries(packed: PackedSeries): Promise<(position: number, month: number) => number> {
  return packedReader(packed, await inflated(packed.data));
}
