import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { SHELLS } from "../../functions/local/completion/shells.ts";
import { s2sProgram } from "../../functions/local/program.ts";
import { s2s } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";

let script = "";
beforeAll(async () => {
  script = (await s2s("completion", "bash")).stdout;
});

/** What bash offers when Tab is pressed behind the last of these words, in a folder with a file and a folder. */
function offered(...words: string[]): string[] {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, "a folder"));
  writeFileSync(join(cwd, "a file.nc"), "");
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _s2s; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync("bash", ["-uc", ask, "bash", "s2s", ...words], { cwd, encoding: "utf8" });
  return text.split("\n").filter((line) => line !== "");
}

describe("bash completes", () => {
  test.each<[string, string[], string[]]>([
    ["commands", ["st"], ["status"]],
    ["options", ["run", "--for"], ["--forecast", "--forecast-climatology", "--force"]],
    ["choices", ["run", "--grid", ""], ["stations", "global"]],
    ["choices behind =", ["run", "--grid", "=", "g"], ["global"]],
    ["products", ["run", "-p", "pr"], ["prec"]],
    ["sources", ["fetch", "gis"], ["gistemp"]],
    ["shells", ["completion", ""], [...SHELLS]],
    ["commands of help", ["help", "op"], ["open"]],
    ["files", ["inspect", ""], ["a file.nc", "a folder"]],
    ["further files of an option", ["run", "-f", "x.nc", ""], ["a file.nc", "a folder"]],
    ["folders", ["status", ""], ["a folder"]],
    ["folders of an option", ["run", "-o", ""], ["a folder"]],
    ["nothing where nobody can guess", ["run", "--now", ""], []],
  ])("%s", (_, words, expected) => {
    expect(offered(...words).toSorted()).toEqual(expected.toSorted());
  });
});

test.each(SHELLS)("%s is told of every command and of every option", async (shell) => {
  const { stdout } = await s2s("completion", shell);
  for (const command of s2sProgram().commands) {
    expect(stdout).toContain(command.name());
    for (const { long } of command.options) expect(stdout).toContain(shell === "fish" ? `-l ${long!.slice(2)} ` : long);
  }
});

test("a shell that is not known is refused, with those that are", async () => {
  const { code, stderr } = await s2s("completion", "tcsh");
  expect([code, stderr]).toEqual([2, expect.stringContaining("Allowed choices are bash, zsh, fish")]);
});
