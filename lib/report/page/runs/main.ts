import type { RunEntry } from "../../../run/records.ts";
import { counted } from "../../../warning.ts";
import { neighbourOf } from "../../index/order.ts";
import type { IndexData, Live } from "../../index/packed-runs.ts";
import { el } from "../element.ts";
import { inflated } from "../inflated.ts";
import { makeFilter } from "./filter.ts";
import { followLive, makeUnfinished } from "./live.ts";
import { makeProducts } from "./products.ts";
import { makeTable } from "./table.ts";
import { forecastText, pageOf } from "./words.ts";

const data = JSON.parse(document.querySelector("#data")!.textContent) as IndexData;
let runs = await unpacked(data);
const page = document.querySelector("#page")!;
const { action, runId } = wished();
const wanted = neighbour();

if (wanted?.hasPage === true) location.replace(pageOf(wanted));
else show(data.live);

/** What a link to this page asks for by the hash: `#run=…` to see a run in the list, `#next=…` and `#previous=…` to go on from it. */
function wished(): { readonly action: string; readonly runId: string } {
  const [word = "", id = ""] = location.hash.slice(1).split("=");
  return { action: word, runId: decoded(id) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function neighbour(): RunEntry | undefined {
  return action === "next" || action === "previous" ? neighbourOf(runs, runId, action) : undefined;
}

function show(live: Live | undefined): void {
  const filter = makeFilter(runs);
  const table = makeTable(runs, runId);
  const summary = el("p", { class: "headline" });
  const products = el("section", {});
  const unfinished = el("section", {});
  const draw = (now: Live | undefined) => {
    summary.textContent = summaryText();
    products.replaceChildren(el("h2", {}, "Newest forecasts"), makeProducts(runs));
    products.hidden = runs.length === 0;
    unfinished.hidden = now === undefined || now.unfinished.length === 0;
    unfinished.replaceChildren(el("h2", {}, "Not ended"), makeUnfinished(now?.unfinished ?? []));
    filter.offer(runs);
    table.show(runs, filter.accepts());
    filter.tell(table.count());
  };
  filter.onChange(() => {
    table.show(runs, filter.accepts());
    filter.tell(table.count());
  });
  const list = el("section", { class: "runs" }, el("h2", {}, "Runs"), filter.element, table.element);
  page.append(header(summary), el("main", {}, unfinished, products, list));
  draw(live);
  if (live !== undefined) {
    page.querySelector("header")!.append(
      followLive(async (next) => {
        runs = await unpacked(next);
        draw(next.live);
      }),
    );
  }
  table.reveal(runId);
  // For whoever waits until all is drawn.
  document.documentElement.dataset["ready"] = "yes";
}

function header(summary: HTMLElement): HTMLElement {
  return el("header", {}, el("p", { class: "eyebrow" }, "s2s-fanout"), el("h1", {}, "All runs"), summary, notice());
}

/** Why a wish of the hash could not be granted. */
function notice(): HTMLElement | null {
  if (runId === "") return null;
  const run = runs.find((one) => one.runId === runId);
  if (run === undefined) return said(`The run ${runId} is not in this list.`);
  if (action === "run") return null;
  if (wanted !== undefined)
    return said(`The ${action} forecast of ${run.product}, ${forecastText(wanted)}, has no page.`);
  return said(
    `${run.product} has no ${action === "next" ? "newer" : "older"} forecast here than ${forecastText(run)}.`,
  );
}

function said(text: string): HTMLElement {
  return el("p", { class: "notice", role: "status" }, text);
}

function summaryText(): string {
  if (runs.length === 0) return "No run has ended yet.";
  const count = (status: RunEntry["status"]) => runs.filter((run) => run.status === status).length;
  const products = new Set(runs.map(({ product }) => product)).size;
  const [partial, failed] = [count("partial"), count("failed")];
  const rest = [partial > 0 ? `${partial} partial` : "", failed > 0 ? `${failed} failed` : ""].filter(
    (text) => text !== "",
  );
  const ends = rest.length === 0 ? "all complete" : rest.join(", ");
  return `${counted(runs.length, "run")} of ${counted(products, "product")}, ${ends}.`;
}

async function unpacked({ runs: packed }: IndexData): Promise<readonly RunEntry[]> {
  return JSON.parse(new TextDecoder().decode(await inflated(packed))) as RunEntry[];
}
