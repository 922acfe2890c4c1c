import { expect, test } from "vitest";
import { forecastLabel } from "../../lib/run/forecast-label.ts";

test.each([
  ["forecasts/CFSv2.Prec.20200625.202008.nc", "20200625.202008", "20200625"],
  ["CFSv2.Prec.nc", "CFSv2.Prec", null],
  ["a/b/第 1 期+.nc", "第 1 期+", null],
  ["x.120200625.202008.nc", "x.120200625.202008", null],
  ["noextension", "noextension", null],
  ["CFSv2.Prec.99999999.999999.nc", "CFSv2.Prec.99999999.999999", null],
  ["CFSv2.Prec.20200230.202003.nc", "CFSv2.Prec.20200230.202003", null],
  ["CFSv2.Prec.20200229.202013.nc", "CFSv2.Prec.20200229.202013", null],
])("%s is the forecast %s, issued %s", (key, label, issued) => {
  expect(forecastLabel(key)).toEqual({ label, issued });
});

test.each(["forecasts/", "...nc", "..nc", ".nc", ".growing.nc", "a\n.nc", "a\\b.nc", "{station}.nc", "Latest.json.nc"])(
  "%j names no forecast",
  (key) => {
    expect(() => forecastLabel(key)).toThrow(expect.objectContaining({ tag: "BadName" }));
  },
);
