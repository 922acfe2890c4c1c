import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { RunEntry } from "../../run/records.ts";
import { loadRunsTemplate } from "../template.ts";
import { newestFirst } from "./order.ts";
import type { IndexData } from "./packed-runs.ts";

/** How every index begins: nothing else is taken for one, and written over. */
const MARK = '<html lang="en" data-page="s2s-runs">';
const DATA = /<script type="application\/json" id="data">(.*?)<\/script>/s;

/**
 * One file that shows all runs, with all that it needs inside. The same runs, in whichever order, give the same bytes.
 *
 * @param live - what a server adds that has the page renew itself
 * @throws Error where the template was not made
 */
export async function indexPage(runs: readonly RunEntry[], live?: IndexData["live"]): Promise<string> {
  const data: IndexData = { runs: packRuns(runs), ...(live === undefined ? {} : { live }) };
  const template = await loadRunsTemplate();
  // Of one that is `<`, nothing can end the script that it is in.
  return template.replace("{{data}}", () => JSON.stringify(data).replaceAll("<", String.raw`\u003c`));
}

/** Sorted, and deflated, as many runs say the same words: base64 of JSON. */
export function packRuns(runs: readonly RunEntry[]): string {
  return deflateRawSync(JSON.stringify(runs.toSorted(newestFirst))).toString("base64");
}

/** Whether a page is an index of runs, whole or not. */
export function isIndexPage(page: Uint8Array): boolean {
  return new TextDecoder().decode(page.subarray(0, 200)).includes(MARK);
}

/** The runs that an index shows; none of one that is damaged. */
export function runsIn(page: Uint8Array): RunEntry[] {
  try {
    const [, json = ""] = DATA.exec(new TextDecoder().decode(page)) ?? [];
    const { runs } = JSON.parse(json) as IndexData;
    return JSON.parse(inflateRawSync(Buffer.from(runs, "base64")).toString()) as RunEntry[];
  } catch {
    return [];
  }
}
