import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, blocksOf, codeOf, linksOf, PAGES, ROOT, textOf } from "./markdown.ts";

/** Whether a file of the project, or some that match a pattern, are there. */
function isThere(path: string): boolean {
  return globSync(path, { cwd: ROOT }).length > 0;
}

/** What is wrong with a link to a file of the project, maybe with an anchor; undefined for a good one. */
function problemOf(path: string, anchor: string | undefined): string | undefined {
  if (!isThere(path)) return `there is no ${path}`;
  if (anchor === undefined || !path.endsWith(".md") || anchorsOf(textOf(path)).includes(anchor)) return undefined;
  return `${path} has no heading for #${anchor}`;
}

test.each(PAGES)("the links of %s lead somewhere", (page) => {
  const problems = linksOf(textOf(page)).flatMap((link) => {
    if (link.startsWith("https:")) return [];
    const [path = "", anchor] = link.split("#");
    return problemOf(path === "" ? page : normalize(join(dirname(page), path)), anchor) ?? [];
  });
  expect(problems).toEqual([]);
});

const FOLDERS = new Set(
  readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name),
);

/** The paths of the project in commands and in text set as code, such as `test/faults/kill-*.test.ts`. */
function pathsIn(markdown: string): string[] {
  const codes = [
    ...codeOf(markdown),
    ...blocksOf(markdown).flatMap(({ language, text }) => (language === "sh" ? text : [])),
  ];
  const words = codes.flatMap((code) => code.split(/\s+/));
  return words.filter((word) => /^[\w.-]+\/[\w./*-]*$/.test(word) && FOLDERS.has(word.split("/")[0]!));
}

/** What is not tracked: runs, and what is built. */
const MADE = /^(node_modules|build|dist|coverage|cdk\.out|sample)\//;

test.each(PAGES.filter((page) => page !== "CHANGELOG.md"))("the files that %s names are there", (page) => {
  const paths = pathsIn(textOf(page)).filter((path) => !MADE.test(path));
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

test("the tests that hold the traps of joins are there by their names, and so are the files", () => {
  const [, section = ""] = textOf("docs/promises.md").split("## Joins that would lie\n");
  const [table = ""] = section.split("\n## ");
  const named = Array.from(table.matchAll(/`(test\/[\w./-]+\.test\.ts)`, "([^"]+)"/g), ([, path = "", name = ""]) => ({
    path,
    name,
  }));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ path, name }) => !textOf(path).includes(name))).toEqual([]);
  const layouts = table
    .split("\n")
    .flatMap((row) =>
      row.includes("| layouts, ") ? Array.from(row.matchAll(/`([\w.-]+\.nc)`/g), ([, file]) => file!) : [],
    );
  expect(layouts.length).toBeGreaterThan(5);
  expect(layouts.filter((file) => !isThere(`test/fixtures/layouts/${file}`))).toEqual([]);
});

test("CONTRIBUTING names every maker of fixtures", () => {
  const makers = globSync("test/fixtures/make-*.py", { cwd: ROOT });
  expect(codeOf(textOf("CONTRIBUTING.md"))).toEqual(expect.arrayContaining(makers));
});

test("the code names places in the documentation that are there", () => {
  const sources = globSync("{bench,functions,infra,lib,test}/**/*.{ts,js,py,css,html}", { cwd: ROOT });
  const problems = sources.flatMap((source) => {
    const text = readFileSync(join(ROOT, source), "utf8");
    return Array.from(text.matchAll(/\b(docs\/[\w-]+\.md|README\.md)(?:#([\w-]+))?/g), ([, path, anchor]) => {
      const problem = problemOf(path!, anchor);
      return problem === undefined ? [] : [`${source}: ${problem}`];
    }).flat();
  });
  expect(problems).toEqual([]);
});
