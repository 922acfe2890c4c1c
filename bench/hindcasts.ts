import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bench, type Figure, runCommand } from "./context.ts";
import { medianOf, ratio } from "./measure.ts";

/** Of so many years and months a model is run anew, to learn its errors. */
const MANY = 400;
const FEW = 40;

/** Many forecasts in one command: what each takes after the first, and whether memory grows with their number. */
export async function manyForecasts(bench: Bench): Promise<Figure[]> {
  const command = (count: number) => {
    const forecast = forecastsIn(bench, count);
    const out = (round: number) => join(bench.folder, `${count}-${round}`);
    return runCommand(`${count} forecasts, 200 stations`, bench, { forecast, stations: 200, out });
  };
  const [few, many] = await bench.time([command(FEW), command(MANY)], Math.min(bench.runs, 3));
  return [
    {
      case: `${MANY} forecasts`,
      what: "each after the first",
      value: (medianOf(many!, "seconds") - medianOf(few!, "seconds")) / (MANY - FEW),
      unit: "s",
    },
    {
      case: `${MANY} forecasts`,
      what: `peak memory, of that of ${FEW}`,
      value: ratio(many!, few!, "mebibytes"),
      unit: "x",
      atMost: 1.1,
    },
  ];
}

/** A folder with so many, of other days of issue. */
function forecastsIn({ folder, inputs }: Bench, count: number): string {
  const into = join(folder, `forecasts-${count}`);
  mkdirSync(into);
  for (let i = 0; i < count; i++) {
    const day = new Date(Date.UTC(1999, 0, 1 + 7 * i)).toISOString().slice(0, 10).replaceAll("-", "");
    copyFileSync(inputs.forecast, join(into, `CFSv2.Prec.${day}.202008.nc`));
  }
  return into;
}
