import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the project, which the pages' paths are relative to. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The pages that people read, by their path in the project. */
export const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...globSync("docs/*.md", { cwd: ROOT }).toSorted(),
];

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A fenced block of code. */
export interface Block {
  /** What stands behind the opening fence; empty for none. */
  readonly language: string;
  readonly text: string;
  /** Of its opening fence, counted from 1. */
  readonly line: number;
  /** The next block, if nothing but blank lines stands between. */
  readonly next: Block | undefined;
}

const FENCE = /^(?<indent> *)```(?<language>.*)\n(?<text>(?:.*\n)*?)\k<indent>```$/gm;

export function blocksOf(markdown: string): Block[] {
  const found = [...markdown.matchAll(FENCE)];
  return found.reduceRight<Block[]>((later, match) => {
    const { indent = "", language = "", text = "" } = match.groups!;
    const after = match.index + match[0].length;
    const following = found[found.indexOf(match) + 1];
    const adjoins = following !== undefined && markdown.slice(after, following.index).trim() === "";
    const block: Block = {
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      line: markdown.slice(0, match.index).split("\n").length,
      next: adjoins ? later[0] : undefined,
    };
    return [block, ...later];
  }, []);
}

/** The text without its blocks, in which a # is no heading and a bracket is no link. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(FENCE, "");
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  return Array.from(proseOf(markdown).matchAll(/^#+ (.*)$/gm), ([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The targets of links and pictures. */
export function linksOf(markdown: string): string[] {
  const prose = proseOf(markdown).replaceAll(/`[^`\n]*`/g, "code");
  return Array.from(prose.matchAll(/\]\(([^)\s]*)\)/g), ([, target = ""]) => target);
}

/** The texts that are set as code within lines. */
export function codeOf(markdown: string): string[] {
  return Array.from(proseOf(markdown).matchAll(/`([^`\n]+)`/g), ([, code = ""]) => code);
}

/**
 * The rows below the heading of the first table that has code in its first column.
 *
 * @returns by each code of the first column, the text of the last column
 */
export function tableBelow(path: string, heading: string): Map<string, string> {
  const [, below] = textOf(path).split(`\n${heading}\n`);
  if (below === undefined) throw new Error(`${path} has no heading "${heading}"`);
  const [section = ""] = below.split(/^#+ /m);
  const tables = section.split(/\n(?!\|)/).map((text) => text.split("\n").filter((line) => line.startsWith("| ")));
  const table = tables.find((lines) => lines.some((line) => line.startsWith("| `"))) ?? [];
  return new Map(
    table.flatMap((line) => {
      const cells = line.slice(1, -1).split("|");
      return codeOf(cells[0]!).map((code) => [code, cells.at(-1)!.trim()] as const);
    }),
  );
}
