import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parseSources } from "../../lib/fetch/source-file.ts";
import { parseEvent } from "../../lib/run/events.ts";
import { isAboutPrefix, parsePrefixEvent } from "../../lib/run/prefix-event.ts";
import { parseProducts } from "../../lib/run/product-file.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Block, blocksOf, PAGES, ROOT, textOf } from "./markdown.ts";

/** How a block begins whose commands are not run here: it tells its reader what they need. */
const NEEDS = /^# needs /;

/** A folder that a reader of the page could be in: a clone of the project, installed, and nothing else. */
function cloneOfProject(): string {
  const folder = temporaryFolder();
  const made = new Set(["node_modules", "sample", "coverage", "cdk.out"]);
  for (const name of readdirSync(ROOT).filter((entry) => !entry.startsWith(".") && !made.has(entry))) {
    symlinkSync(join(ROOT, name), join(folder, name));
  }
  const programs = join(folder, "node_modules/.bin");
  mkdirSync(programs, { recursive: true });
  const installed = join(ROOT, "node_modules/.bin");
  for (const name of readdirSync(installed)) symlinkSync(join(installed, name), join(programs, name));
  const s2s = join(programs, "s2s");
  writeFileSync(s2s, `#!/bin/sh\nexec node '${join(ROOT, "functions/s2s.js")}' "$@"\n`);
  chmodSync(s2s, 0o755);
  return folder;
}

/** What a block's commands print on stdout. The first that fails fails the test, with what it said. */
async function run({ text, line }: Block, cwd: string): Promise<string> {
  const env = { ...process.env, PATH: `${join(cwd, "node_modules/.bin")}:${process.env["PATH"]}` };
  try {
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", text], { cwd, env });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`the block at line ${line} failed:\n${text}\n${stdout}${stderr}`, { cause: error });
  }
}

/** What matches a block's text, in which … stands for anything within a line, or for any lines; of no block, anything. */
function pattern(block: Block | undefined): RegExp {
  if (block === undefined) return /^/;
  const lines = block.text.trimEnd().split("\n");
  const literal = (part: string) => RegExp.escape(part);
  const parts = lines.map((line) => (line === "…" ? "(?:.*\n)*?" : `${line.split("…").map(literal).join(".*")}\n`));
  return new RegExp(`^${parts.join("")}$`);
}

/** What the output of a command or a program is shown as. */
const SHOWN = new Set(["text", "csv"]);

/** The block that shows what the commands or the program of a block print, if there is one. */
function shownBelow({ language, next }: Block): Block | undefined {
  return (language === "sh" || language === "js") && next !== undefined && SHOWN.has(next.language) ? next : undefined;
}

/** The blocks that are not what those above them print. */
function inputsOf(page: string): Block[] {
  const blocks = blocksOf(textOf(page));
  const shown = new Set(blocks.map(shownBelow));
  return blocks.filter((block) => !shown.has(block));
}

/** The languages of the blocks that are tested here; test/package runs the program of docs/api.md. */
const TESTED = new Set(["sh", "json", "csv", ""]);
const languagesOf = (page: string) => (page === "docs/api.md" ? new Set([...TESTED, "js"]) : TESTED);

test.each(PAGES)("%s has blocks of languages that are tested", (page) => {
  const tested = languagesOf(page);
  expect(inputsOf(page).filter(({ language }) => !tested.has(language))).toEqual([]);
});

/** The blocks of a language on every page, with the page. */
function all(language: string): (Block & { readonly page: string })[] {
  return PAGES.flatMap((page) => {
    const blocks = inputsOf(page).filter((block) => block.language === language);
    return blocks.map((block) => ({ ...block, page }));
  });
}

const commands = Map.groupBy(
  all("sh").filter(({ text }) => !NEEDS.test(text)),
  ({ page }) => page,
);
test.each([...commands])("the commands of %s do what it says", async (_page, blocks) => {
  const folder = cloneOfProject();
  for (const block of blocks) {
    expect(await run(block, folder)).toMatch(pattern(shownBelow(block)));
  }
});

test.each(all("json"))("$page, line $line: the JSON is understood", ({ page, text }) => {
  const value = JSON.parse(text) as object;
  const parse = "products" in value ? parseProducts : "sources" in value ? parseSources : undefined;
  const event = isAboutPrefix(value) ? parsePrefixEvent : parseEvent;
  const understood = parse === undefined ? event(value) : parse(text, page);
  expect(understood).not.toEqual([]);
});

test.each(all("csv"))("$page, line $line: the station table is read whole", async ({ page, text }) => {
  const { stations, rejected, emptyRows } = await readStationTable(new TextEncoder().encode(text), page);
  expect(stations).not.toEqual([]);
  expect({ rejected, emptyRows }).toEqual({ rejected: [], emptyRows: [] });
});
