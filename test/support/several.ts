import { openDataset } from "../../lib/netcdf/open.ts";
import { writeClassic } from "../../lib/sample/classic-writer.ts";
import { fixture } from "./golden.ts";

/** The archive of the golden run in several files, by their names: months 0 to 39, 40 to 79, and the rest. */
export async function archiveInParts(): Promise<Readonly<Record<string, Uint8Array>>> {
  const dataset = await openDataset(fixture("run/precip.mon.mean.nc"));
  const axis = (name: string) => Float64Array.from(dataset.readRaw(name) as Float64Array);
  const [time, lat, lon] = [axis("time"), axis("lat"), axis("lon")];
  const units = (name: string) => ({ units: String(dataset.variables.get(name)!.attributes["units"]!.value) });
  const files: Record<string, Uint8Array> = {};
  for (const [from, to] of [
    [80, time.length],
    [0, 40],
    [40, 80],
  ] as const) {
    const values = dataset.readRaw("precip", [
      [from, to],
      [0, lat.length],
      [0, lon.length],
    ]) as Float32Array;
    files[`precip.${from}.nc`] = writeClassic({
      dimensions: [
        { name: "time", size: to - from, unlimited: true },
        { name: "lat", size: lat.length, unlimited: false },
        { name: "lon", size: lon.length, unlimited: false },
      ],
      variables: [
        { name: "time", dimensions: ["time"], attributes: units("time"), values: time.slice(from, to) },
        { name: "lat", dimensions: ["lat"], attributes: units("lat"), values: lat },
        { name: "lon", dimensions: ["lon"], attributes: units("lon"), values: lon },
        {
          name: "precip",
          dimensions: ["time", "lat", "lon"],
          attributes: { ...units("precip"), missing_value: Float32Array.of(-9.96921e36) },
          values,
        },
      ],
    });
  }
  dataset.close();
  return files;
}
