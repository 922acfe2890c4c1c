import { describeGrid, type GridPlan } from "../../lib/grid/description.ts";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { openUntilEnd } from "./classic.ts";
import { fixture, float32, golden } from "./golden.ts";

/** The anomalies that xarray makes of an archive: shape (lat, lon, months). */
export interface GridGolden {
  readonly firstMonth: string;
  readonly baseline: [number, number];
  readonly shape: [lat: number, lon: number, months: number];
  readonly lat: number[];
  readonly lon: number[];
  readonly seconds: number[];
  readonly anomalies: string;
}

/** An archive of the fixtures, what is to be made of it, and what xarray makes of it. */
export async function gridCase(
  file: string,
  variable: string,
  goldenName: string,
): Promise<{ dataset: Dataset; about: GridPlan; expected: GridGolden; anomalies: Float32Array }> {
  const expected = golden<GridGolden>(`grid/${goldenName}.expected.json`);
  const dataset = await openUntilEnd(fixture(file), file);
  const { firstMonth, baseline } = expected;
  const about = describeGrid(dataset, { variable, firstMonth, baseline }, "etag");
  return { dataset, about, expected, anomalies: float32(expected.anomalies) };
}
