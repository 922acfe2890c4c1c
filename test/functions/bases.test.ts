import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stationTable } from "../support/claimed-run.ts";
import { s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, golden } from "../support/golden.ts";

const base = (name: string) => fixture(`bases/${name}`);

/** A run of the command of this product; the text of the CSV of its one station. */
async function made(product: object, files: readonly string[], station: string) {
  const out = temporaryFolder();
  const products = join(out, "products.json");
  const series = { column: "tave_ano", suffix: "x", missing: "", gapRow: null };
  writeFileSync(products, JSON.stringify({ products: [{ name: "base", series, ...product }] }));
  const stations = stationTable(station);
  const own = [
    "--stations",
    stations,
    "--products",
    products,
    "--out",
    join(out, "out"),
    "--now",
    "2002-01-05T00:00:00",
  ];
  const outcome = await s2s("run", ...files, ...own);
  return { ...outcome, csv: () => seriesIn(join(out, "out"), "base/forecast")["1.x.csv"]! };
}

const forecast = ["--forecast", base("forecast.nc")];

test("a climatology is taken off that is a file of its own, and the command asks for it", async () => {
  const product = {
    observations: {
      key: "observations/era5.nc",
      variable: "t2m",
      firstMonth: "1990-01",
      baseline: [1991, 1996],
      climatology: { key: "observations/clim.nc", variable: "T2_CLIM" },
    },
    forecast: { pattern: "*.nc", variable: "air" },
  };
  const files = ["--observations", base("era5.nc"), ...forecast];
  const { code, csv } = await made(product, [...files, "--climatology", base("clim.nc")], "1,x,20,105");
  expect([code, csv()]).toEqual([0, readFileSync(base("era5.csv"), "utf8")]);
  const without = await made(product, files, "1,x,20,105");
  expect([without.code, without.stderr]).toEqual([
    2,
    expect.stringContaining(
      'product "base" has a climatology of its own, observations/clim.nc. Name that file with --climatology',
    ),
  ]);
});

test("both climatologies are kept, and the forecast rebased", async () => {
  const product = {
    observations: { key: "observations/a.nc", variable: "air", firstMonth: "1990-01", baseline: [1991, 1996] },
    forecast: { pattern: "*.nc", variable: "air", rebase: true },
  };
  const { code, stdout, csv } = await made(product, ["--observations", base("archive.nc"), ...forecast], "1,x,40,100");
  const [one, other] = golden<Record<string, { rebased: number[] }>>("bases/bases.expected.json")["air"]!.rebased;
  expect([code, csv().trimEnd().split("\n").slice(-2)]).toEqual([
    0,
    [`2001-11-01 00:00:00,${one}`, `2001-12-01 00:00:00,${other}`],
  ]);
  expect(stdout).toMatch(/^base +forecast rebased from 1994-1999$/m);
});
