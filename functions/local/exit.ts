import type { RunStatus } from "../../lib/run/records.ts";

/**
 * What a shell is told: `wrong usage` is about the command line, `failed` about the inputs or the machine. Some stations
 * are missing in a `partial` run, and of no use where `--strict` asks for all.
 */
export const EXIT = { complete: 0, failed: 1, usage: 2, partial: 3 } as const satisfies Record<
  RunStatus | "usage",
  number
>;
