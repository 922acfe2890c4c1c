import { appendFileSync, readFileSync } from "node:fs";

/** Names the file that counts are appended to, by all test files of a run; `npm run test:faults` sets it. */
const FILE = "FAULTS_TALLY";

/** What is counted: how cases ended, and which faults they met. */
type Count = "outcome" | "fault";

interface Entry {
  readonly suite: string;
  readonly what: Count;
  readonly name: string;
  readonly count: number;
}

/** Counts cases of a suite that ended in `outcome`; nothing where no table is to be printed. */
export function tally(suite: string, outcome: string, count = 1): void {
  append({ suite, what: "outcome", name: outcome, count });
}

/** Counts faults of a kind that were injected into a suite's cases. */
export function tallyFault(suite: string, kind: string, count = 1): void {
  append({ suite, what: "fault", name: kind, count });
}

function append(entry: Entry): void {
  const file = process.env[FILE];
  // A line is one write, so the lines of several processes do not mix.
  if (file !== undefined && file !== "") appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** The counts of a file as a Markdown table, a row for each suite, in order of their names. */
export function tallyTable(file: string): string {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const suites = Map.groupBy(
    lines.map((line) => JSON.parse(line) as Entry),
    ({ suite }) => suite,
  );
  const rows = Array.from(suites, ([suite, entries]) => {
    const outcomes = sums(entries, "outcome");
    const cases = outcomes.reduce((sum, [, count]) => sum + count, 0);
    return [suite, String(cases), text(sums(entries, "fault")), text(outcomes)];
  }).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return table([["suite", "cases", "faults injected", "outcomes"], ...rows]);
}

/** Counts by name, the largest first. */
function sums(entries: readonly Entry[], what: Count): [string, number][] {
  const counts = new Map<string, number>();
  for (const { name, count, what: its } of entries) {
    if (its === what) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function text(counts: readonly [string, number][]): string {
  return counts.map(([name, count]) => `${count} ${name}`).join(", ");
}

function table([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}
