import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Dataset } from "../../lib/netcdf/dataset.ts";
import { openDataset } from "../../lib/netcdf/open.ts";
import { type ClassicAttributes, writeClassic } from "../../lib/sample/classic-writer.ts";
import { temporaryFolder } from "./folder.ts";

/** A dimension's coordinates, and attributes such as their units. */
export interface TestAxis {
  readonly values: readonly number[];
  readonly attributes?: ClassicAttributes;
}

/** A file of one variable and its coordinates. */
export interface TestField {
  readonly variable: string;
  /** By dimension, slowest first. One without values is unlimited, and can only be the first. */
  readonly axes: Readonly<Record<string, TestAxis>>;
  /** Row-major; 0, 1, 2 … by default. */
  readonly values?: readonly number[];
  readonly attributes?: ClassicAttributes;
}

export const latitudes = (...values: number[]): TestAxis => ({ values, attributes: { units: "degrees_north" } });
export const longitudes = (...values: number[]): TestAxis => ({ values, attributes: { units: "degrees_east" } });

/** Months counted from January of `year`: 0 is its first day, 12 that of the next year. */
export const monthsOf = (year: number, ...values: number[]): TestAxis => ({
  values,
  attributes: { units: `months since ${year}-01-01` },
});

/** `count` numbers from `first` on. */
export function counting(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Writes the field as a classic NetCDF file, values in float32, and gives its path; removed when the test ends. */
export function classicFile({ variable, axes, values, attributes }: TestField, name = "test.nc"): string {
  const entries = Object.entries(axes);
  const size = entries.reduce((product, [, axis]) => product * axis.values.length, 1);
  const path = join(temporaryFolder(), name);
  const bytes = writeClassic({
    dimensions: entries.map(([dimension, axis]) => ({
      name: dimension,
      size: axis.values.length,
      unlimited: axis.values.length === 0,
    })),
    variables: [
      ...entries.map(([dimension, axis]) => ({
        name: dimension,
        dimensions: [dimension],
        attributes: axis.attributes ?? {},
        values: Float64Array.from(axis.values),
      })),
      {
        name: variable,
        dimensions: entries.map(([dimension]) => dimension),
        attributes: attributes ?? {},
        values: Float32Array.from(values ?? counting(0, size)),
      },
    ],
  });
  writeFileSync(path, bytes);
  return path;
}

/** Opens a file until the test ends. */
export async function openUntilEnd(path: string, name?: string): Promise<Dataset> {
  const dataset = await openDataset(path, name);
  onTestFinished(() => dataset.close());
  return dataset;
}
