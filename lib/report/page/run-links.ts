import type { PageData } from "../page-data.ts";
import { el } from "./element.ts";

/** The index of all runs, from where a page is. */
const INDEX = "../../index.html";

/**
 * Links to the forecasts before and after, and to all runs. The page does not know what comes after it, and is never written
 * again: the index, which every run renews, knows both, and goes on to the page that is asked for.
 */
export function makeRunLinks({ runId }: Pick<PageData, "runId">): HTMLElement {
  const link = (action: string, text: string) =>
    el("a", { href: `${INDEX}#${action}=${encodeURIComponent(runId)}` }, text);
  return el(
    "nav",
    { class: "run-links", "aria-label": "Runs" },
    link("previous", "‹ Previous forecast"),
    link("next", "Next forecast ›"),
    link("run", "All runs"),
  );
}
