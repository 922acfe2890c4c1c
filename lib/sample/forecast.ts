import { writeClassic } from "./classic-writer.ts";
import { smoothField } from "./climate.ts";
import type { Random } from "./random.ts";

const FILL = -9.99e8;
const DAY = 86_400_000;
/** The day that the forecast starts from and the month that it is for, as they stand in its name. */
const INITIAL = "20200625";
const TARGET = "202008";
/** Standard deviation of the anomalies, mm/day: that of a real CFSv2 file. */
const SPREAD = 1.3;

export const FORECAST_NAME = `CFSv2.Prec.${INITIAL}.${TARGET}.nc`;

/**
 * A precipitation forecast as CPC makes them of CFSv2: classic NetCDF, `anom(TIME, ENS, LEV, LAT, LON)` in mm/day,
 * already an anomaly, one month on a grid of one degree, latitudes from south to north, no value missing.
 */
export function forecastFile(random: Random): Uint8Array {
  const lat = Float64Array.from({ length: 181 }, (_, i) => i - 90);
  const lon = Float64Array.from({ length: 360 }, (_, i) => i);
  const month = Date.UTC(Number(TARGET.slice(0, 4)), Number(TARGET.slice(4)) - 1);
  const one = Float64Array.of(1);
  return writeClassic({
    dimensions: [
      { name: "TIME", size: 1, unlimited: true },
      { name: "ENS", size: 1, unlimited: false },
      { name: "LEV", size: 1, unlimited: false },
      { name: "LAT", size: lat.length, unlimited: false },
      { name: "LON", size: lon.length, unlimited: false },
    ],
    variables: [
      { name: "LAT", dimensions: ["LAT"], attributes: { units: "degrees_north" }, values: lat },
      { name: "LON", dimensions: ["LON"], attributes: { units: "degrees_east" }, values: lon },
      { name: "LEV", dimensions: ["LEV"], values: one },
      { name: "ENS", dimensions: ["ENS"], values: one },
      {
        name: "TIME",
        dimensions: ["TIME"],
        attributes: { units: "days since 1950-01-01 00:00:00" },
        values: Float64Array.of((month - Date.UTC(1950, 0)) / DAY),
      },
      {
        name: "anom",
        dimensions: ["TIME", "ENS", "LEV", "LAT", "LON"],
        attributes: { _FillValue: Float32Array.of(FILL) },
        values: smoothField(random, lat, lon).map((noise) => SPREAD * noise),
      },
    ],
  });
}
