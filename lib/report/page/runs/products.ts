import { stationsOf } from "../../../run/headline.ts";
import type { RunEntry } from "../../../run/records.ts";
import { counted } from "../../../warning.ts";
import { el } from "../element.ts";
import { issueText, pageOf, statusText, targetText } from "./words.ts";

/** The newest forecast of each product, and how many runs it has. */
export function makeProducts(runs: readonly RunEntry[]): HTMLElement {
  const products = [...Map.groupBy(runs, ({ product }) => product)].sort(([a], [b]) => (a < b ? -1 : 1));
  return el("ul", { class: "products" }, ...products.map(([name, of]) => el("li", {}, ...words(name, of))));
}

function words(name: string, runs: readonly RunEntry[]): (HTMLElement | string)[] {
  // Runs are in order, the newest first; what failed says nothing of its forecast.
  const newest = runs.find(({ status, hasPage }) => hasPage && status === "complete") ?? runs[0]!;
  const targets = newest.targets.slice(0, 1).map((target) => `for ${targetText(newest, target)}`);
  if (newest.targets.length > 1) targets.push(`and ${newest.targets.length - 1} more`);
  const title = [issueText(newest), ...targets].join(" ");
  const { counts } = newest;
  const facts = [
    statusText(newest.status).toLowerCase(),
    ...(counts.planned === 0 ? [] : [`${counts.usable} of ${stationsOf(counts)} usable`]),
    counted(runs.length, "run"),
  ];
  return [
    el("strong", {}, name),
    " ",
    newest.hasPage ? el("a", { href: pageOf(newest) }, title) : title,
    el("span", { class: "faint" }, ` ${facts.join(", ")}`),
  ];
}
