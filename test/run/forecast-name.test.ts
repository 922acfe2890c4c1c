import { expect, test } from "vitest";
import { readForecastName } from "../../lib/run/forecast-name.ts";

test.each([
  ["forecasts/CFSv2.Prec.20200625.202008.nc", "20200625.202008", "20200625", "2020-08"],
  ["CFSv2.prec.20261116.wkly.anom.nc", "CFSv2.prec.20261116.wkly.anom", "20261116", null],
  ["cfs.2026111606.nc", "cfs.2026111606", "20261116", null],
  ["c3s_2026-11-16T00.nc", "c3s_2026-11-16T00", "20261116", null],
  ["2026-11-16_v20261116.nc", "2026-11-16_v20261116", "20261116", null],
  ["rain_v20190301_20200625.nc", "rain_v20190301_20200625", "20200625", null],
  ["CFSv20200625.nc", "CFSv20200625", "20200625", null],
  ["CFSv2.Prec.20200229.202013.nc", "CFSv2.Prec.20200229.202013", "20200229", null],
])("%s is the forecast %s, issued %s, for %s", (key, label, issued, target) => {
  expect(readForecastName(key)).toEqual({ label, issued, target, isDated: true });
});

test.each([
  ["CFSv2.Prec.nc", "CFSv2.Prec", false],
  ["CFSv2.Prec.nc.gz", "CFSv2.Prec", false],
  ["NMME.prate.202611.zip", "NMME.prate.202611", true],
  ["a/b/第 1 期+.nc", "第 1 期+", false],
  ["x.120200625.nc", "x.120200625", false],
  ["noextension", "noextension", false],
  ["model_v20190301.nc", "model_v20190301", false],
  ["V20190301.nc", "V20190301", false],
  ["CFSv2.Prec.99999999.999999.nc", "CFSv2.Prec.99999999.999999", false],
  ["2026111624.nc", "2026111624", false],
  ["NMME.prate.202611.ENSMEAN.anom.nc", "NMME.prate.202611.ENSMEAN.anom", true],
  ["CFSv2.Prec.20200230.202003.nc", "CFSv2.Prec.20200230.202003", true],
  ["20261101-20261130.nc", "20261101-20261130", true],
])("%s is the forecast %s, of no day; tells it from others: %s", (key, label, isDated) => {
  expect(readForecastName(key)).toEqual({ label, issued: null, target: null, isDated });
});

test.each([
  "forecasts/",
  "...nc",
  "..nc",
  ".nc",
  ".growing.nc",
  "a\n.nc",
  "a\u202eb.nc",
  "a\\b.nc",
  "{station}.nc",
  "Latest.json.nc",
  "latest.json.nc.gz",
])("%j names no forecast", (key) => {
  expect(() => readForecastName(key)).toThrow(expect.objectContaining({ tag: "BadName" }));
});
