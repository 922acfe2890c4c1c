/**
 * What the fetcher counts of each round, in CloudWatch, with the dimension {@link FETCHER}. `ForecastLate` counts sources of which
 * nothing new is there for longer than they allow.
 */
export type FetchMetric = "ForecastLate" | "FilesLanded" | "FilesFailed";

export const FETCHER = { function: "fetcher" } as const;
