import { InputError } from "../errors.ts";
import { inputKeys } from "../keys.ts";

interface SourceBase {
  readonly name: string;
  /** Where the publisher has it: http or https, with words for dates, see template.ts. */
  readonly address: string;
  /** Where it lands in the input bucket. */
  readonly key: string;
  /** After how many days without news somebody is told. */
  readonly lateAfterDays: number;
  /** A larger file is not fetched; {@link MOST_MEGABYTES} by default. */
  readonly maxMegabytes?: number | undefined;
  /** The day on which the address was seen to work, `YYYY-MM-DD`; left out of one that nobody has tried. */
  readonly verified?: string | undefined;
}

/** Forecasts: a new file for every issue, each under a key of its own, which is never written again. */
export interface ForecastSource extends SourceBase {
  readonly kind: "forecast";
  readonly issued: "daily" | "monthly";
  /** Of a monthly forecast: the day of the month that it is issued on, 1 by default; the last one of shorter months. */
  readonly day?: number | undefined;
  /** The target months, counted from the month of issue, which is 0: where address or key have `{target:…}`. */
  readonly leads?: readonly number[] | undefined;
  /** What tells the day of issue: the name, by default, or, of a name that is written anew, when it was changed last. */
  readonly dated?: "name" | "lastModified" | undefined;
  /** Whether the folder of the address is an HTML page that lists its files: only those are then asked for. */
  readonly listing?: boolean | undefined;
  /** How many days back files are asked for that are not there. */
  readonly lookBackDays: number;
}

/** Observations: one file, which the publisher and the input bucket write again. */
export interface ObservationsSource extends SourceBase {
  readonly kind: "observations";
}

export type Source = ForecastSource | ObservationsSource;

export const MOST_MEGABYTES = 512;

const CPC = "https://www.cpc.ncep.noaa.gov/products";
const NMME = "https://ftp.cpc.ncep.noaa.gov/NMME/realtime_anom/ENSMEAN/{YYYYMM}0800";
const PSL = "https://downloads.psl.noaa.gov/Datasets";
const NAMED = `${inputKeys.forecasts}{name}`;

/** Of every issue of CFSv2, the mean of the next month. */
function cfsv2Monthly(name: string, variable: string): Source {
  const address = `${CPC}/people/mchen/CFSv2FCST/monthly/data/CFSv2.${variable}.{YYYYMMDD}.{target:YYYYMM}.nc`;
  return {
    name,
    kind: "forecast",
    issued: "daily",
    address,
    key: NAMED,
    leads: [1],
    lookBackDays: 10,
    lateAfterDays: 3,
  };
}

function cfsv2Weekly(name: string, variable: string): Source {
  const address = `${CPC}/CFSv2/weekly/data/CFSv2.${variable}.{YYYYMMDD}.wkly.anom.nc`;
  return {
    name,
    kind: "forecast",
    issued: "daily",
    address,
    key: NAMED,
    lookBackDays: 10,
    lateAfterDays: 3,
    verified: "2026-09-28",
  };
}

function nmme(name: string, variable: string): Source {
  const address = `${NMME}/NMME.${variable}.{YYYYMM}.ENSMEAN.anom.nc`;
  return {
    name,
    kind: "forecast",
    issued: "monthly",
    day: 8,
    address,
    key: NAMED,
    lookBackDays: 62,
    lateAfterDays: 5,
  };
}

function observations(name: string, path: string, key: string): Source {
  return {
    name,
    kind: "observations",
    address: `${PSL}/${path}`,
    key: inputKeys.observations + key,
    lateAfterDays: 75,
  };
}

/** What is built in. Where `verified` is left out, nobody has seen the address to work: `s2s fetch --list` tells so. */
export const BUILT_IN_SOURCES: readonly Source[] = [
  cfsv2Monthly("cfsv2-prec", "Prec"),
  cfsv2Monthly("cfsv2-t2m", "T2m"),
  cfsv2Weekly("cfsv2-weekly-prec", "prec"),
  cfsv2Weekly("cfsv2-weekly-tmpsfc", "tmpsfc"),
  nmme("nmme-prate", "prate"),
  nmme("nmme-tmp2m", "tmp2m"),
  observations("precl", "precl/1.0deg/precip.mon.mean.1x1.nc", "precip.mon.mean.1x1.nc"),
  observations("ghcncams", "ghcncams/air.mon.mean.nc", "ghcncams.air.mon.mean.nc"),
  observations("gistemp", "gistemp/combined/250km/air.2x2.250.mon.anom.comb.nc", "air.2x2.250.mon.anom.comb.nc"),
];

/** The sources of these names, in their order. @throws InputError `BadSource` */
export function chooseSources(sources: readonly Source[], names: readonly string[]): Source[] {
  return names.map((name) => {
    const found = sources.find((source) => source.name === name);
    if (found !== undefined) return found;
    const choices = sources.map((source) => source.name);
    throw new InputError("BadSource", `there is no source "${name}"`, {
      choices,
      hint: "More sources are defined in a sources.json",
    });
  });
}
