/** What the coordinator counts of a run, in CloudWatch, with the dimension `product`. */
export type RunMetric =
  | "RunsCompleted"
  | "RunsPartial"
  | "RunsFailed"
  | "StationsWritten"
  | "StationsUsable"
  | "StationWarnings"
  | "ChunksFailed"
  | "ChunkRetries"
  | "GridCacheHit"
  | "RunSeconds"
  | "GridSeconds";

/** The variable that names the namespace, where several deployments share an account: each has its own. */
export const NAMESPACE_VARIABLE = "POWERTOOLS_METRICS_NAMESPACE";
export const NAMESPACE = "S2sFanout";
