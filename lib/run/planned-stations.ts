import type { GridDescription } from "../grid/description.ts";
import type { Station } from "../stations/station.ts";
import type { PlannedStation } from "./chunk-plan.ts";

/** A planned station with what its table says of it. */
export interface TableStation extends PlannedStation, Pick<Station, "name" | "province" | "lat" | "lon"> {
  /** Metres; null where it is not known. */
  readonly elevation: number | null;
}

/** `runs/<runId>/stations.json`: what the page and the table of a run are to say of stations and grid. */
export interface PlannedStations {
  readonly variable: { readonly name: string; readonly longName?: string; readonly units?: string };
  readonly baseline: readonly [first: number, last: number];
  /** UTC seconds since 1970 of every observed month. */
  readonly seconds: readonly number[];
  /** In the order of the table. */
  readonly stations: readonly TableStation[];
}

/** @param planned - one for each of `stations`, in their order */
export function plannedStations(
  { variable, longName, units, baseline, seconds }: GridDescription,
  stations: readonly Station[],
  planned: readonly PlannedStation[],
): PlannedStations {
  return {
    variable: {
      name: variable,
      ...(longName === undefined ? {} : { longName }),
      ...(units === undefined ? {} : { units }),
    },
    baseline,
    seconds,
    stations: stations.map(({ name, province, lat, lon, elevation }, i) => ({
      ...planned[i]!,
      name,
      province,
      lat,
      lon,
      elevation: Number.isNaN(elevation) ? null : elevation,
    })),
  };
}
