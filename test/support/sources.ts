import type { ForecastSource, ObservationsSource } from "../../lib/fetch/source.ts";

/** Sources of a publisher of the tests, in the form of those that are built in. */
export function sourcesAt(origin: string): { forecast: ForecastSource; observations: ObservationsSource } {
  return {
    forecast: {
      name: "cfsv2-prec",
      kind: "forecast",
      issued: "daily",
      address: `${origin}/monthly/CFSv2.Prec.{YYYYMMDD}.{target:YYYYMM}.nc`,
      key: "forecasts/{name}",
      leads: [1],
      lookBackDays: 3,
      lateAfterDays: 2,
    },
    observations: {
      name: "precl",
      kind: "observations",
      address: `${origin}/precl/precip.mon.mean.1x1.nc`,
      key: "observations/precip.mon.mean.1x1.nc",
      lateAfterDays: 40,
    },
  };
}
