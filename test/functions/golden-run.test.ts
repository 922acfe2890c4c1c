import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import type { WarningKind } from "../../lib/warning.ts";
import { classicFile, counting, latitudes, longitudes, monthsOf } from "../support/classic.ts";
import { manifestIn, run, SERIES, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const expected = texts(fixture("run/expected"));

test("a run of the command line writes the bytes of the seed job, and tells what its zeros hide", async () => {
  const out = temporaryFolder();
  const { code, stdout } = await run(out);
  expect(code).toBe(0);
  expect(seriesIn(out)).toEqual(expected);
  const manifest = manifestIn(out);
  expect(manifest).toMatchObject({
    status: "complete",
    now: "1997-05-20 06:07:08",
    series: `${SERIES}/${manifest.runId.slice(-12)}-19970520T060708/{station}.prec.csv`,
    grid: { stored: false, months: 87, firstMonth: "1990-03", lastMonth: "1997-05" },
    counts: { planned: 20, written: 20, usable: 18, tooFar: 0, rejectedRows: 0, emptyRows: 1 },
    missing: [],
  });
  const stationsOf = (kind: WarningKind) =>
    manifest.warnings.flatMap((warning) => (warning.kind === kind ? [warning.station] : []));
  expect(stationsOf("rowsEmpty")).toEqual([undefined]);
  expect(stationsOf("cellMissing")).toEqual(["50004"]);
  expect(stationsOf("forecastMissing")).toEqual(["50005"]);
  const band = ["50001", "50002", "50003", "50005", "50007", "50010", "50011", "50012", "50017", "50020"];
  expect(stationsOf("monthsMissing")).toEqual(band);
  expect(manifest.counts.warnings).toBe(13);
  expect(manifest.warnings.find(({ kind }) => kind === "cellMissing")).toMatchObject({ cell: { lat: 0, lon: 90 } });
  for (const word of ["complete", "20 of 20 written", "computed and stored", "cellMissing", "manifest.json"]) {
    expect(stdout).toContain(word);
  }
  expect(existsSync(join(out, ".growing"))).toBe(false);
});

/** Inputs of test/fixtures/units: an archive of monthly totals with five months of a forecast. */
const unitsRun = (out: string, own: { readonly observations?: string; readonly products?: string } = {}) => {
  const { observations = fixture("units/precip.mon.total.nc"), products = fixture("units/products.json") } = own;
  const forecast = ["--forecast", fixture("units/NMME.prate.199912.ENSMEAN.anom.nc")];
  const inputs = ["--observations", observations, ...forecast, "--stations", fixture("units/stations.csv")];
  return s2s(
    "run",
    ...inputs,
    "--products",
    products,
    "--product",
    "rain",
    "--out",
    out,
    "--now",
    "1999-11-20T06:07:08",
  );
};

test("a forecast in mm/s is joined to an archive in mm/month by the days of each month, as xarray joins them", async () => {
  const out = temporaryFolder();
  const { code, stdout } = await unitsRun(out);
  expect(code).toBe(0);
  const { series = "", units, forecast, warnings, runId } = manifestIn(out);
  expect(texts(join(out, dirname(series)))).toEqual(texts(fixture("units/expected")));
  expect(units).toBe("mm/month");
  expect(forecast?.converted).toEqual({ from: "mm/s", factors: [31, 31, 29, 31, 30].map((days) => days * 86_400) });
  expect(warnings.filter(({ kind }) => kind.startsWith("units"))).toEqual([]);
  expect(stdout).toContain("mm/month; forecast converted from mm/s, times 2678400, 2505600, 2592000\n");
  const rows = parse(readFileSync(join(out, "runs", runId, "stations.csv")), { bom: true, columns: true });
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row).toMatchObject({ units: "mm/month" });
});

test("a forecast of precipitation is not joined to an archive of temperatures, which writes no series", async () => {
  const out = temporaryFolder();
  const axes = { time: monthsOf(1995, ...counting(0, 48)), lat: latitudes(20, 40), lon: longitudes(90, 120) };
  const observations = classicFile({ variable: "precip", axes, attributes: { units: "degC" } }, "sst.mnmean.nc");
  const { code, stderr } = await unitsRun(out, { observations });
  expect(code).toBe(1);
  expect(stderr).toContain('"fcst" is in mm/s and "precip" of');
  expect(stderr).toContain("in degC, which measure different things. If a file says it wrong, set forecast.units or");
  expect(manifestIn(out)).toMatchObject({ status: "failed" });
  expect(existsSync(join(out, "rain"))).toBe(false);
});

test("units of the product count in place of the archive's attribute: in the series, the grid and its id", async () => {
  const out = temporaryFolder();
  await unitsRun(out);
  const { products } = JSON.parse(readFileSync(fixture("units/products.json"), "utf8"));
  const [rain] = products;
  const own = join(out, "products.json");
  const observations = { ...rain.observations, units: "cm/month" };
  writeFileSync(own, JSON.stringify({ products: [{ ...rain, observations }] }));
  const other = join(out, "other");
  expect(await unitsRun(other, { products: own })).toMatchObject({ code: 0 });
  const [{ grid }, { units, forecast, grid: ownGrid, warnings }] = [manifestIn(out), manifestIn(other)];
  expect(units).toBe("cm/month");
  expect(forecast?.converted?.factors).toEqual([31, 31, 29, 31, 30].map((days) => days * 8640));
  expect(ownGrid!.id).not.toBe(grid!.id);
  const metadata = JSON.parse(readFileSync(join(other, "grids", ownGrid!.id, ".zmetadata"), "utf8")).metadata;
  expect(metadata["anomaly/.zattrs"]).toMatchObject({ units: "cm/month" });
  expect(warnings.map(({ kind }) => kind)).toContain("unitsOverridden");
});
