import type { Claim } from "./records.ts";

/**
 * How the series of a run are told from those of other runs, in their keys: the hash at the end of its id, and the time for
 * now where that does not come from the inputs. So keys that are equal have equal bytes, whoever writes them and however
 * late, and no run writes over another.
 */
export function seriesName({ runId, now, nowFrom }: Pick<Claim, "runId" | "now" | "nowFrom">): string {
  const inputs = runId.slice(runId.lastIndexOf("-") + 1);
  switch (nowFrom) {
    case "name":
    case "file":
      return inputs;
    case "request":
    case "clock":
      return `${inputs}-${now.replaceAll(/[-:]/g, "").replace(" ", "T")}`;
  }
}
