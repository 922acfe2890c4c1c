import { expect, test } from "vitest";
import { blocksOf, codeOf, PAGES, textOf } from "./markdown.ts";

/** The scripts of package.json that are started in a text, such as `test:all` of `npm run test:all`. */
function scriptsIn(text: string): string[] {
  return Array.from(
    text.matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g),
    ([, run, own]) => run ?? own!,
  );
}

test.each(PAGES)("the npm scripts that %s names are there", (page) => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const markdown = textOf(page);
  const named = [...codeOf(markdown), ...blocksOf(markdown).map(({ text }) => text)].flatMap(scriptsIn);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test("CI runs the two commands of the README, in its order and as they stand there", () => {
  const [twoCommands] = blocksOf(textOf("README.md"));
  const lines = twoCommands!.text.split("\n").map((line) => line.replace(/ *#.*/, ""));
  const commands = lines.filter((line) => line !== "");
  expect(commands).toHaveLength(2);
  expect(textOf(".ci/run")).toContain(`\n${commands.join("\n")}\n`);
});
