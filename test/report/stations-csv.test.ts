import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { stationsCsv } from "../../lib/report/stations-csv.ts";
import type { Warning } from "../../lib/warning.ts";
import { madeHistory, madeReport, madeSeries, partialReport } from "../support/made-report.ts";

const csvOf = (report: Parameters<typeof stationsCsv>[0]) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(stationsCsv(report));

const rowsOf = (text: string) => parse(text, { bom: true, columns: true }) as Record<string, string>[];

test("the table has a row for every station, with numbers that read back as they are", () => {
  const report = madeReport({ leads: ["2020-08-01 00:00:00", "2020-09-01 00:00:00"] });
  const warnings: Warning[] = [{ kind: "cellFar", message: "far", station: "50001" }];
  const text = csvOf({ ...report, manifest: { ...report.manifest, warnings } });
  expect(text.startsWith("\u{feff}id,name,province,lat,lon,elevation,cell_lat,cell_lon,distance_km,")).toBe(true);
  const rows = rowsOf(text);
  expect(rows).toHaveLength(50);
  const [, row] = rows;
  const station = report.about.stations[1]!;
  const values = madeSeries(50)[1]!;
  expect(row).toEqual({
    id: "50001",
    name: "站1",
    province: "四川",
    lat: String(station.lat),
    lon: String(station.lon),
    elevation: String(station.elevation),
    cell_lat: String(station.cellLat),
    cell_lon: String(station.cellLon),
    distance_km: "40.5",
    months: "498",
    missing_months: "0",
    "anomaly_2020-04": String(values[495]),
    "anomaly_2020-05": String(values[496]),
    "anomaly_2020-06": String(values[497]),
    "forecast_2020-08": String(station.forecast[0]),
    "forecast_2020-09": String(station.forecast[1]),
    units: "mm/day",
    csv: station.key,
    warnings: "cellFar",
  });
});

test("what is missing is empty: values, series of stations that were not written, unknown elevations", () => {
  const report = partialReport(1);
  const [first, second, ...others] = report.about.stations;
  const series = madeSeries(50);
  series[1]!.fill(Number.NaN, 490);
  const rows = rowsOf(
    csvOf({
      ...report,
      history: madeHistory(report.about.stations, series),
      about: { ...report.about, stations: [first!, { ...second!, elevation: null, forecast: [null] }, ...others] },
    }),
  );
  expect(rows[0]).toMatchObject({ months: "", missing_months: "", "anomaly_2020-06": "" });
  expect(rows[1]).toMatchObject({ elevation: "", missing_months: "8", "anomaly_2020-06": "", "forecast_2020-08": "" });
});

test("no name is run as a formula, and no number becomes a text", () => {
  const names = ["=cmd()|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", 'a"b,c', "\uff1d1", "\u3000\uff0b1"];
  names.push("\uff0d1", "\uff201", "x;=1", 'x; "=1', "x;y=1;+1", "a-b; c@d");
  const rows = rowsOf(csvOf(madeReport({ names })));
  expect(rows.slice(0, names.length).map(({ name }) => name)).toEqual([
    "'=cmd()|' /C calc'!A0",
    "'+1",
    "'-1",
    "'@SUM(A1)",
    "'\t'=1",
    "' =1",
    'a"b,c',
    "'\uff1d1",
    "'\u3000\uff0b1",
    "'\uff0d1",
    "'\uff201",
    "x;'=1",
    "x;' \"=1",
    "x;y=1;'+1",
    "a-b; c@d",
  ]);
  for (const row of rows) expect(row["forecast_2020-08"]).toMatch(/^-?[\d.e-]+$/);
});

test("names with signs of the format are quoted, and no others", () => {
  const names = ['say "x"', "a,b", "two\nlines", "a\rb", "two\r\nlines", " a ", "", ";", "'x", '"'];
  const text = csvOf(madeReport({ names }));
  const read = parse(text, { bom: true, columns: true, record_delimiter: "\n" }) as Record<string, string>[];
  expect(read.slice(0, names.length).map(({ name }) => name)).toEqual(names);
  const cells = ['"say ""x"""', '"a,b"', '"two\nlines"', '"a\rb"', '"two\r\nlines"', " a ", "", ";", "'x", '""""'];
  for (const [i, cell] of cells.entries()) expect(text).toContain(`\n${50_000 + i},${cell},`);
});
