import { oneLine } from "../../lib/printable.ts";
import { stationsOf } from "../../lib/run/headline.ts";
import type { Manifest } from "../../lib/run/records.ts";
import { type KnownRun, labelOf, pageOf } from "./runs.ts";
import type { KnownStatus } from "./statuses.ts";

/** Which runs are shown; all by default. */
export interface RunFilter {
  readonly product?: string;
  readonly status?: KnownStatus;
  /** `YYYY-MM-DD HH:MM:SS` UTC: those that ended then or later, or were begun, if they have not ended. */
  readonly since?: string;
  /** So many of the newest. */
  readonly limit?: number;
}

/** What a script is told of a run. What is not known is null. */
export interface RunRow {
  readonly run: string;
  readonly product: string;
  readonly forecast: string;
  readonly status: KnownStatus;
  /** Counts of stations: those that were to be written, and were; those of the table, and those that can be used. */
  readonly planned: number | null;
  readonly written: number | null;
  readonly stations: number | null;
  readonly usable: number | null;
  readonly warnings: number | null;
  readonly seconds: number | null;
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly ended: string | null;
  /** A path, or the URL of an object. */
  readonly page: string | null;
}

/** The runs that a filter lets through, in their order. */
export function filtered(runs: readonly KnownRun[], { product, status, since, limit }: RunFilter): readonly KnownRun[] {
  const fits = ({ claim, manifest }: KnownRun) =>
    (product === undefined || claim.product === product) &&
    (status === undefined || statusOf(manifest) === status) &&
    (since === undefined || (manifest?.finishedAt ?? claim.claimedAt ?? claim.now) >= since);
  const found = runs.filter(fits);
  return limit === undefined ? found : found.slice(-limit);
}

/** The runs for a script. @param out - where they are */
export function statusRows(runs: readonly KnownRun[], out: string): RunRow[] {
  return runs.map((run) => {
    const { claim, manifest } = run;
    const counts = manifest?.counts;
    return {
      run: claim.runId,
      product: claim.product,
      forecast: labelOf(run),
      status: statusOf(manifest),
      planned: counts?.planned ?? null,
      written: counts?.written ?? null,
      stations: counts === undefined ? null : stationsOf(counts),
      usable: usableOf(counts),
      warnings: counts?.warnings ?? null,
      seconds: manifest?.seconds["total"] ?? null,
      ended: manifest?.finishedAt ?? null,
      page: manifest === undefined ? null : pageOf(out, claim.runId),
    };
  });
}

const HEADER = ["product", "forecast", "status", "written", "usable", "warnings", "seconds", "ended (UTC)", "run"];
const STATUS = HEADER.indexOf("status");

/**
 * The runs as a table, a line each, in their order.
 *
 * @param paint - colours the text of a status
 */
export function statusTable(
  rows: readonly RunRow[],
  paint: (text: string, status: KnownStatus) => string = (text) => text,
): string {
  const cells = rows.map((row) =>
    [
      row.product,
      row.forecast,
      row.status,
      row.planned === null ? "" : `${row.written}/${row.planned}`,
      row.usable === null ? "" : `${row.usable}/${row.stations}`,
      String(row.warnings ?? ""),
      row.seconds?.toFixed(1) ?? "",
      row.ended ?? "",
      row.run,
    ].map(oneLine),
  );
  const widths = HEADER.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]!.length)));
  const isNumber = (column: number) => column >= 3 && column <= 6;
  const line = (row: readonly string[], status?: KnownStatus) =>
    row
      .map((text, c) => (isNumber(c) ? text.padStart(widths[c]!) : text.padEnd(c === row.length - 1 ? 0 : widths[c]!)))
      .map((text, c) => (c === STATUS && status !== undefined ? paint(text, status) : text))
      .join("  ");
  return [line(HEADER), ...cells.map((row, at) => line(row, rows[at]!.status))].map((text) => `${text}\n`).join("");
}

function statusOf(manifest: Manifest | undefined): KnownStatus {
  return manifest?.status ?? "unfinished";
}

/** Manifests of version 0.1.0 do not tell how many stations can be used. */
function usableOf(counts: Manifest["counts"] | undefined): number | null {
  return counts !== undefined && "usable" in counts ? counts.usable : null;
}
