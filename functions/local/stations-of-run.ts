import { keys } from "../../lib/keys.ts";
import { requireObject } from "../../lib/store/store.ts";
import { openStore } from "./places.ts";

/** Columns whose cells are texts, whatever they look like. */
const TEXTS = new Set(["id", "name", "province", "units", "csv", "warnings"]);

/**
 * The table of the stations of a run, as its `stations.csv` has it, without the mark that spreadsheets need.
 *
 * @throws InputError `FileNotFound` where the run has none, as it failed before its plan
 */
export async function stationsOfRun(out: string, runId: string): Promise<string> {
  const { body } = await requireObject(await openStore(out), keys.table(runId));
  // Which leaves the mark out.
  return new TextDecoder().decode(body);
}

/** The rows of such a table, by its columns; an empty cell is null. */
export async function stationRows(csv: string): Promise<Record<string, string | number | null>[]> {
  const { parse } = await import("csv-parse/sync");
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, text]) => [name, valueOf(name, text)])));
}

function valueOf(name: string, text: string): string | number | null {
  if (text === "") return null;
  return TEXTS.has(name) ? text : Number(text);
}
