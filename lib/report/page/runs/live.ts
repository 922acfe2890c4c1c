import type { IndexData, UnfinishedRun } from "../../index/packed-runs.ts";
import { el } from "../element.ts";

/** Where `s2s serve` sends the index anew when it changes. */
const LIVE = "live";

/** Has the page follow the folder. @returns whether it does, in words */
export function followLive(renew: (data: IndexData) => Promise<void>): HTMLElement {
  const state = el("p", { class: "live", role: "status" }, "Connecting …");
  const source = new EventSource(LIVE);
  source.addEventListener("open", () => tell("Renews itself while runs go on."));
  source.addEventListener("error", () => tell("Not connected: s2s serve has ended. This is what it showed last."));
  source.addEventListener("message", (event: MessageEvent<string>) => {
    void renew(JSON.parse(event.data) as IndexData);
  });
  const tell = (text: string) => {
    if (state.textContent !== text) state.textContent = text;
  };
  return state;
}

/** The runs that are under way, or were stopped. */
export function makeUnfinished(runs: readonly UnfinishedRun[]): HTMLElement {
  return el("ul", { class: "unfinished" }, ...runs.map((run) => el("li", {}, ...words(run))));
}

function words({ runId, product, label, isAtWork, chunks, claimedAt }: UnfinishedRun): (HTMLElement | string)[] {
  const done = chunks === undefined ? "not planned yet" : `${chunks.done} of ${chunks.all} chunks done`;
  return [
    el("strong", {}, `${product} ${label}`),
    ` ${isAtWork ? "is under way" : "was stopped: run the same command with --resume"}, ${done}`,
    el("span", { class: "faint" }, `, begun ${claimedAt} UTC, ${runId}`),
  ];
}
