import { expect, test } from "vitest";
import { basePeriod, reconcileBases } from "../../lib/run/base-period.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import type { Product } from "../../lib/run/product.ts";

test.each([
  [{ climatology_period: "1999-2010" }, [1999, 2010], "climatology_period"],
  [{ climatoloy_period: "1999-2010" }, [1999, 2010], "climatoloy_period"],
  [{ Climatology_Period: "1991 to 2020" }, [1991, 2020], "Climatology_Period"],
  [{ base_period: "1981 – 2010" }, [1981, 2010], "base_period"],
  [{ reference_period: "1993/2016" }, [1993, 2016], "reference_period"],
  [{ hindcast_years: "1993,2016" }, [1993, 2016], "hindcast_years"],
  [{ climatology: "mean of 1982 through 2010" }, [1982, 2010], "climatology"],
  [{ climatology_period: "1991-01 to 2020-12" }, [1991, 2020], "climatology_period"],
  [{ climatology_period: "01jan1999 - 31dec2010" }, [1999, 2010], "climatology_period"],
  [{ climatology_period: "19990101-20101231" }, [1999, 2010], "climatology_period"],
  [{ reference_epoch: "1991-01-01/2020-12-31" }, [1991, 2020], "reference_epoch"],
  [{ long_name: "anomaly (base 1999-2010)" }, [1999, 2010], "long_name"],
  [{ title: "anomalies wrt 1999-2010 climatology" }, [1999, 2010], "title"],
  [{ long_name: "temperature anomaly relative to 1991-2020" }, [1991, 2020], "long_name"],
  [{ title: "Anomalies w.r.t. the 1981-2010 mean" }, [1981, 2010], "title"],
  [{ comment: "base period: 1951-1980" }, [1951, 1980], "comment"],
  // A named attribute comes before free text.
  [{ long_name: "relative to 1961-1990", base_period: "1981-2010" }, [1981, 2010], "base_period"],
] as const)("%o are relative to %o", (attributes, years, name) => {
  expect(basePeriod({ attributes })).toEqual({ years, from: `attribute ${name}` });
});

test.each([
  [{}],
  // Years of something else.
  [{ title: "Forecasts of 2019-2020" }],
  [{ climatology: "climatology_bounds" }],
  [{ climatology_period: "2010-1999" }],
  [{ comment: "anomalies relative to model climatology of the hindcasts, verified over 2001-2003" }],
  [{ description: "climatology smoothed; data downloaded 2019-2020" }],
  [{ climatology_period: "1981-2010, then 1991-2020" }],
  [{ history: "relative to 1981-2010" }],
])("%o do not tell", (attributes) => {
  expect(basePeriod({ attributes })).toBeUndefined();
});

test.each([
  ["1981-2010", ["baseOverridden"]],
  ["1991-2020", []],
  ["none", []],
])("the product's own years come first, and a file that says %s is heard", (period, warnings) => {
  const [prec] = BUILT_IN_PRODUCTS as [Product];
  const product: Product = { ...prec, forecast: { ...prec.forecast, baseline: [1991, 2020] } };
  const reconciled = reconcileBases(product, { key: "f.nc", attributes: { base_period: period } });
  expect(reconciled.base).toEqual({ years: [1991, 2020], from: "forecast.baseline of the product", rebased: false });
  expect(reconciled.warnings.map(({ kind }) => kind)).toEqual(warnings);
});
