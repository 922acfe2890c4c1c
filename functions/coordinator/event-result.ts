import type { RunOutcome } from "../../lib/run/pipeline.ts";
import type { RunStatus } from "../../lib/run/records.ts";

/** How one run of an event ended; `duplicate` where another execution has it, `refused` where it never began. */
export interface EventResult extends Partial<Omit<RunOutcome, "status" | "cause">> {
  readonly product: string | null;
  readonly forecastKey: string;
  readonly status: RunOutcome["status"] | "duplicate" | "refused";
  /** How the other execution's run ended, of a duplicate. */
  readonly of?: RunStatus | "unfinished";
}
