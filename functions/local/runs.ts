import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../../lib/errors.ts";
import { keys, runOfClaim } from "../../lib/keys.ts";
import { forecastLabel } from "../../lib/run/forecast-label.ts";
import type { Claim, Manifest } from "../../lib/run/records.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { getJsonIfWhole } from "../../lib/store/store.ts";

/** A run in a folder. */
export interface KnownRun {
  readonly claim: Claim;
  /** None where the run has not ended. */
  readonly manifest: Manifest | undefined;
}

/**
 * The runs in a folder, the newest last.
 *
 * @throws InputError `FileNotFound` where there are none
 */
export async function findRuns(out: string): Promise<KnownRun[]> {
  const store = folderStore(out);
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
      hint: "Name the folder that a run was given as --out",
    });
  }
  const end = ({ claim, manifest }: KnownRun) => manifest?.finishedAt ?? claim.now;
  return runs.sort((a, b) => (end(a) < end(b) ? -1 : 1));
}

/**
 * Path of the page of the newest run that has ended.
 *
 * @throws InputError `FileNotFound` where no run has
 */
export async function newestPage(out: string): Promise<string> {
  const ended = (await findRuns(out)).filter(({ manifest }) => manifest !== undefined);
  const pages = ended.map(({ claim }) => resolve(out, keys.page(claim.runId))).filter((page) => existsSync(page));
  const newest = pages.at(-1);
  if (newest !== undefined) return newest;
  throw new InputError("FileNotFound", "has no run that has ended with a page", {
    file: out,
    hint: "Run the same command with --resume to end one",
  });
}

/** The runs as a table, a line each, the newest last. */
export function statusTable(runs: readonly KnownRun[]): string {
  const rows = runs.map(({ claim, manifest }) => [
    claim.product,
    manifest?.forecast?.label ?? forecastLabel(claim.forecast.key).label,
    manifest?.status ?? "unfinished",
    manifest === undefined ? "" : `${manifest.counts.written}/${manifest.counts.planned}`,
    manifest === undefined ? "" : String(manifest.counts.warnings),
    manifest?.seconds["total"]?.toFixed(1) ?? "",
    manifest?.finishedAt ?? "",
    claim.runId,
  ]);
  const table = [["product", "forecast", "status", "stations", "warnings", "seconds", "ended (UTC)", "run"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const isNumber = (column: number) => column >= 3 && column <= 5;
  const line = (row: readonly string[]) =>
    row.map((text, c) => (isNumber(c) ? text.padStart(widths[c]!) : text.padEnd(widths[c]!))).join("  ");
  return table.map((row) => `${line(row).trimEnd()}\n`).join("");
}
