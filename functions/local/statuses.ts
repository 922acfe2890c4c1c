import type { RunStatus } from "../../lib/run/records.ts";

/** How a run can stand: one that has begun and not ended has no status of its own. */
export const STATUSES = ["complete", "partial", "failed", "unfinished"] as const satisfies readonly (
  | RunStatus
  | "unfinished"
)[];

export type KnownStatus = (typeof STATUSES)[number];
