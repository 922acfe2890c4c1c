import { resolve } from "node:path";
import { InputError } from "../../lib/errors.ts";
import { keys, runOfClaim } from "../../lib/keys.ts";
import { oneLine } from "../../lib/printable.ts";
import { issueOf } from "../../lib/run/forecast-name.ts";
import { stationsOf } from "../../lib/run/headline.ts";
import type { Claim, Manifest } from "../../lib/run/records.ts";
import { folderPlace, within } from "../../lib/store/place.ts";
import { getJsonIfWhole, type ObjectStore } from "../../lib/store/store.ts";
import { openStore } from "./places.ts";

/** A run in a folder or a bucket. */
export interface KnownRun {
  readonly claim: Claim;
  /** None where the run has not ended. */
  readonly manifest: Manifest | undefined;
}

/**
 * The runs in a folder or a bucket, the newest last.
 *
 * @param out - what a run is given as `out`
 *
 * @throws InputError `FileNotFound` where there are none
 */
export async function findRuns(out: string): Promise<KnownRun[]> {
  const store = await openStore(out);
  const runs: KnownRun[] = [];
  for await (const { key } of store.list(keys.runs)) {
    const runId = runOfClaim(key);
    if (runId === undefined) continue;
    const claim = await getJsonIfWhole<Claim>(store, key);
    if (claim !== undefined)
      runs.push({ claim, manifest: await getJsonIfWhole<Manifest>(store, keys.manifest(runId)) });
  }
  if (runs.length === 0) {
    throw new InputError("FileNotFound", "has no runs", {
      file: out,
      hint: "Name the folder or the bucket that a run was given as --out",
    });
  }
  const end = ({ claim, manifest }: KnownRun) => manifest?.finishedAt ?? claim.now;
  return runs.sort((a, b) => (end(a) < end(b) ? -1 : 1));
}

/**
 * Where the page of the newest run that has ended is: a path, or a URL for a bucket.
 *
 * @throws InputError `FileNotFound` where no run has
 */
export async function newestPage(out: string): Promise<string> {
  const ended = (await findRuns(out)).filter(({ manifest }) => manifest !== undefined);
  const store = await openStore(out);
  for (const { claim } of ended.toReversed()) {
    const page = keys.page(claim.runId);
    if (await isThere(store, page)) return folderPlace(out).kind === "path" ? resolve(out, page) : within(out, page);
  }
  throw new InputError("FileNotFound", "has no run that has ended with a page", {
    file: out,
    hint: "Run the same command with --resume to end one",
  });
}

/** Whether there is an object of that very key. */
export async function isThere(store: ObjectStore, wanted: string): Promise<boolean> {
  for await (const { key } of store.list(wanted)) if (key === wanted) return true;
  return false;
}

/** The runs as a table, a line each, the newest last. */
export function statusTable(runs: readonly KnownRun[]): string {
  const rows = runs.map(({ claim, manifest }) => [
    claim.product,
    manifest?.forecast?.label ?? issueOf(claim).label,
    manifest?.status ?? "unfinished",
    manifest === undefined ? "" : `${manifest.counts.written}/${manifest.counts.planned}`,
    manifest === undefined ? "" : usableOf(manifest),
    manifest === undefined ? "" : String(manifest.counts.warnings),
    manifest?.seconds["total"]?.toFixed(1) ?? "",
    manifest?.finishedAt ?? "",
    claim.runId,
  ]);
  const table = [
    ["product", "forecast", "status", "written", "usable", "warnings", "seconds", "ended (UTC)", "run"],
    ...rows.map((row) => row.map(oneLine)),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const isNumber = (column: number) => column >= 3 && column <= 6;
  const line = (row: readonly string[]) =>
    row.map((text, c) => (isNumber(c) ? text.padStart(widths[c]!) : text.padEnd(widths[c]!))).join("  ");
  return table.map((row) => `${line(row).trimEnd()}\n`).join("");
}

/** The usable stations of all. Manifests of version 0.1.0 do not tell them. */
function usableOf({ counts }: Manifest): string {
  return "usable" in counts ? `${counts.usable}/${stationsOf(counts)}` : "";
}
