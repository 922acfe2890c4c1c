import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keys, runOfEntry } from "../../lib/keys.ts";
import type { Latest, Manifest } from "../../lib/run/records.ts";
import { unseal } from "../../lib/store/sealed.ts";
import { filesIn } from "./folder.ts";

/** Whether a file holds no times and process ids, so that every run leaves the same bytes. */
function isAlwaysSame(name: string): boolean {
  const hasTimes = /^(runs|index)\//.test(name) || name.endsWith("/latest.json") || name === keys.index;
  return !hasTimes || name.endsWith("/stations.csv");
}

/** It remembers files that are older than some seconds, as those of the first run were not. */
const DIGESTS = keys.digests;

/** A key without the time that its run ended. Of a run that was stopped and done again there may be entries of several times. */
export function timeless(key: string): string {
  const entry = runOfEntry(key);
  return entry === undefined ? key : keys.indexEntry(entry.runId, "…");
}

/**
 * All that a run leaves in its folder: digests of what is always the same, names of what is not, and the manifest and
 * `latest.json` without times.
 */
export function contents(out: string): Record<string, string> {
  return Object.fromEntries(
    filesIn(out).flatMap((name): (readonly [string, string])[] => {
      if (name === DIGESTS) return [];
      if (isAlwaysSame(name)) return [[name, hash("sha256", readFileSync(join(out, name)))]];
      if (runOfEntry(name) !== undefined) return [[timeless(name), ""]];
      if (!/\/(manifest|latest)\.json$/.test(name)) return [[name, ""]];
      const record = JSON.parse(readFileSync(join(out, name), "utf8")) as Partial<Manifest & Latest>;
      const { seconds: _, finishedAt: __, claimedAt: ___, grid, ...rest } = record;
      return [[name, JSON.stringify({ ...rest, grid: { ...grid, stored: undefined } })]];
    }),
  );
}

/**
 * Files that a reader of the folder can meet and that are not whole.
 *
 * @param golden - what a run left that nothing disturbed
 */
export function brokenFiles(out: string, golden: Readonly<Record<string, string>>): string[] {
  return filesIn(out).filter((name) => {
    const body = readFileSync(join(out, name));
    if (name.startsWith(".growing/")) return false;
    if (name === DIGESTS) return unseal(DIGESTS, body) === undefined;
    if (isAlwaysSame(name)) return hash("sha256", body) !== golden[name];
    return name.endsWith(".html") ? !body.toString().trimEnd().endsWith("</html>") : !isJson(body.toString());
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
