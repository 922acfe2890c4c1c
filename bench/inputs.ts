import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withDataset } from "../lib/netcdf/open.ts";
import { writeClassic } from "../lib/sample/classic-writer.ts";
import { forecastFile } from "../lib/sample/forecast.ts";
import { mulberry32 } from "../lib/sample/random.ts";
import { makeSample } from "../lib/sample/sample.ts";
import { stationTable } from "../lib/sample/stations.ts";
import { writeFineArchive } from "./fine-archive.ts";

/** Paths of full-size inputs. */
export interface Inputs {
  /** 870 months on 180 x 360 cells, NetCDF-4, deflated: the size of NOAA's PREC/L. */
  readonly observations: string;
  /** The same in NetCDF's classic format. */
  readonly classic: string;
  readonly forecast: string;
  /** That of the next day, with other values. */
  readonly nextForecast: string;
  readonly stations: Readonly<Record<200 | 2000 | 20_000 | 200_000, string>>;
  /** 504 months on 721 x 1440 cells, packed into 16 bits. */
  readonly fine: string;
}

const MONTHS = 870;
const FINE_MONTHS = 504;

/**
 * Makes the inputs that are missing. Each is written under another name and renamed, so that none is there by half.
 *
 * @param say - is told what is being made
 */
export async function makeInputs(folder: string, say: (text: string) => void): Promise<Inputs> {
  mkdirSync(folder, { recursive: true });
  const inputs: Inputs = {
    observations: join(folder, "sample", "observations", "precip.mon.mean.1x1.nc"),
    forecast: join(folder, "sample", "forecasts", "CFSv2.Prec.20200625.202008.nc"),
    nextForecast: join(folder, "CFSv2.Prec.20200626.202008.nc"),
    classic: join(folder, "precip.classic.nc"),
    stations: {
      200: join(folder, "stations-200.xls"),
      2000: join(folder, "sample", "stations", "stations.xls"),
      20_000: join(folder, "stations-20000.xls"),
      200_000: join(folder, "stations-200000.csv"),
    },
    fine: join(folder, "t2m.fine.nc"),
  };
  await make(join(folder, "sample"), async (aside) => {
    const options = { resolution: 1, months: MONTHS, stations: 2000, seed: 7 };
    await makeSample(aside, options, (done) => say(`observations, month ${done} of ${MONTHS}`));
  });
  for (const count of [200, 20_000] as const) {
    await make(inputs.stations[count], (aside) => writeFileSync(aside, stationTable(count, mulberry32(count))));
  }
  await make(inputs.stations[200_000], (aside) => writeFileSync(aside, manyStations(200_000, mulberry32(200_000))));
  await make(inputs.nextForecast, (aside) => writeFileSync(aside, forecastFile(mulberry32(26))));
  await make(inputs.classic, async (aside) => {
    say("the same observations, classic");
    await writeAsClassic(inputs.observations, aside);
  });
  await make(inputs.fine, (aside) =>
    writeFineArchive(aside, FINE_MONTHS, (done) => say(`fine observations, month ${done} of ${FINE_MONTHS}`)),
  );
  const left = SETTLED_MS - (Date.now() - statSync(inputs.observations).ctimeMs);
  if (left > 0) {
    say("waiting a minute: of a file that was changed a moment ago a run does not remember the digest");
    await sleep(left);
  }
  return inputs;
}

/** Longer than functions/local/known-digests.ts wants a file to be unchanged. */
const SETTLED_MS = 61_000;

async function make(path: string, write: (aside: string) => void | Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  const aside = `${path}.making`;
  rmSync(aside, { recursive: true, force: true });
  await write(aside);
  renameSync(aside, path);
}

/** A table as text, as no .xls has so many rows: stations all over China and its neighbours. */
function manyStations(count: number, random: () => number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const [lat, lon] = [18 + 32 * random(), 75 + 55 * random()];
    return `${100_000 + i},s${i},p${i % 31},${lat.toFixed(4)},${lon.toFixed(4)},${Math.floor(3000 * random())}\n`;
  });
  return `id,name,province,lat,lon,elevation\n${lines.join("")}`;
}

function writeAsClassic(from: string, to: string): Promise<void> {
  return withDataset(from, from, (dataset) => {
    const bytes = writeClassic({
      version: 2,
      dimensions: [...dataset.dimensions.values()].map((d) => ({ ...d, unlimited: d.name === "time" })),
      variables: [...dataset.variables.values()].map(({ name, dimensions: of, attributes }) => ({
        name,
        dimensions: of,
        attributes: Object.fromEntries(
          Object.entries(attributes)
            .filter(([key]) => ["units", "missing_value", "_FillValue"].includes(key))
            .map(([key, { value }]) => [key, typeof value === "string" ? value : Float32Array.from(value)]),
        ),
        values: dataset.readRaw(name) as Float32Array,
      })),
    });
    writeFileSync(to, bytes);
  });
}
