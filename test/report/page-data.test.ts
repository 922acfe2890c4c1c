import { expect, test } from "vitest";
import { pageData } from "../../lib/report/page-data.ts";
import { madeReport } from "../support/made-report.ts";

test.each([
  ["degC", "°C"],
  ["kg m-2 s-1", "kg m⁻² s⁻¹"],
  ["mm day-1", "mm/day"],
  ["psu", "psu"],
  ["1", undefined],
])("a page shows values in %j as %j", (units, shown) => {
  expect(pageData(madeReport({ units })).variable).toEqual({
    name: "precip",
    column: "prec_ano",
    ...(shown === undefined ? {} : { units: shown }),
  });
});

test("a page says from which units its forecast was converted", () => {
  const report = madeReport();
  const forecast = { ...report.manifest.forecast!, converted: { from: "kg m-2 s-1", factors: [86_400] } };
  const data = pageData({ ...report, manifest: { ...report.manifest, forecast } });
  expect(data.forecast).toMatchObject({ convertedFrom: "kg m⁻² s⁻¹" });
  expect(pageData(report).forecast).not.toHaveProperty("convertedFrom");
});
