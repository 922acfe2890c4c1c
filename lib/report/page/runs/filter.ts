import type { RunEntry } from "../../../run/records.ts";
import { counted } from "../../../warning.ts";
import { el } from "../element.ts";
import { issueText, statusText, targetText } from "./words.ts";

const STATUSES = ["complete", "partial", "failed"] as const;

export interface Filter {
  readonly element: HTMLElement;
  /** Whether a run is to be listed. */
  accepts(): (run: RunEntry) => boolean;
  onChange(listener: () => void): void;
  /** Has the products of these runs to choose from. */
  offer(runs: readonly RunEntry[]): void;
  /** Says how many runs are listed. */
  tell(count: number): void;
}

/** Which runs are listed: by product, status, and words of which each is somewhere in what is shown of the run. */
export function makeFilter(runs: readonly RunEntry[]): Filter {
  const words = el("input", { id: "words", type: "search", placeholder: "forecast, month, run", autocomplete: "off" });
  const product = el("select", { id: "product" });
  const status = el("select", { id: "status" }, option("", "all"), ...STATUSES.map((of) => option(of, statusText(of))));
  const count = el("output", { class: "faint" });
  const texts = new WeakMap<RunEntry, string>();
  const textOf = (run: RunEntry) => {
    const text = texts.get(run) ?? searchText(run);
    texts.set(run, text);
    return text;
  };
  const filter: Filter = {
    element: el(
      "div",
      { class: "filter", role: "search" },
      field("words", "Find", words),
      field("product", "Product", product),
      field("status", "Status", status),
      count,
    ),
    accepts() {
      const parts = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const [ofProduct, ofStatus] = [product.value, status.value];
      return (run) =>
        (ofProduct === "" || run.product === ofProduct) &&
        (ofStatus === "" || run.status === ofStatus) &&
        parts.every((part) => textOf(run).includes(part));
    },
    onChange(listener) {
      words.addEventListener("input", listener);
      for (const choice of [product, status]) choice.addEventListener("change", listener);
    },
    offer(now) {
      const names = [...new Set(now.map((run) => run.product))].sort();
      const options = [option("", "all"), ...names.map((name) => option(name, name))];
      const chosen = product.value;
      product.replaceChildren(...options);
      product.value = names.includes(chosen) ? chosen : "";
    },
    tell(listed) {
      count.textContent = counted(listed, "run");
    },
  };
  filter.offer(runs);
  return filter;
}

function field(id: string, name: string, input: HTMLElement): HTMLElement {
  return el("span", { class: "field" }, el("label", { htmlFor: id }, name), input);
}

function option(value: string, text: string): HTMLElement {
  return el("option", { value }, text);
}

function searchText(run: RunEntry): string {
  const { runId, product, status, forecast, targets } = run;
  const shown = [runId, product, status, forecast.label, forecast.issued ?? "", issueText(run)];
  return [...shown, ...targets, ...targets.map((target) => targetText(run, target))].join(" ").toLowerCase();
}
