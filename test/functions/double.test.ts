import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { silent } from "../../functions/local/progress.ts";
import { runLocally } from "../../functions/local/run.ts";
import type { Product } from "../../lib/run/product.ts";
import { stationTable } from "../support/claimed-run.ts";
import { seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden } from "../support/golden.ts";

/** An archive in double precision, what its product says, and the CSV that pandas writes of a cell: see make-views.py. */
interface Case {
  readonly file: string;
  readonly place: readonly [lat: number, lon: number];
  readonly observations: Pick<Product["observations"], "firstMonth" | "baseline" | "kind" | "climatology">;
  readonly forecast: Pick<Product["forecast"], "rebase">;
  readonly csv: string;
}

const cases = golden<Case[]>("views/series.expected.json").map(
  ({ file, ...rest }) =>
    [`${file} with ${JSON.stringify({ ...rest.observations, ...rest.forecast })}`, file, rest] as const,
);

describe.each(cases)("a run of %s", (_, file, { place, observations, forecast, csv }) => {
  test("writes the bytes of pandas, and so does the next one, of what was kept", async () => {
    const out = temporaryFolder();
    const products = join(out, "products.json");
    const product = {
      name: "hgt",
      observations: { key: "observations/air.nc", variable: "air", ...observations },
      forecast: { pattern: "*.nc", variable: "anom", ...forecast },
      series: { column: "hgt_ano", suffix: "hgt" },
    };
    writeFileSync(products, JSON.stringify({ products: [product] }));
    const { climatology } = observations;
    const request = {
      observations: fixture(`views/${file}`),
      forecast: fixture("views/forecast.nc"),
      stations: stationTable(`1,x,${place.join(",")}`),
      products,
      ...(climatology === undefined ? {} : { climatology: fixture(`views/${basename(climatology.key)}`) }),
      out,
      now: "1993-07-20 00:00:00",
      gridMemory: 64,
      mode: "new",
    } as const;
    for (const stored of [false, true]) {
      const { manifest } = await runLocally(request, silent);
      expect(manifest).toMatchObject({ status: "complete", grid: { stored } });
      expect(seriesIn(out, "hgt/forecast")["1.hgt.csv"]).toBe(csv);
    }
  });
});
