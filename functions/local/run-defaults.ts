import { availableParallelism } from "node:os";

/** What a run does where nobody says otherwise, by command line and API. */
export const RUN_DEFAULTS = {
  /** Worker threads. */
  jobs: availableParallelism(),
  /** MiB of the anomaly grid that is held at once. */
  gridMemory: 256,
} as const;
