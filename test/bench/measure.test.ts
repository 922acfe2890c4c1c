import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Command, interleaved, median, ratio } from "../../bench/measure.ts";

const node = (name: string, script: string): Command => ({
  name,
  program: process.execPath,
  args: (round) => ["-e", script, String(round)],
});

test("commands are run in turns, each in a process of its own", async () => {
  const log = join(mkdtempSync(join(tmpdir(), "s2s-test-")), "log");
  const write = (name: string) =>
    `require("fs").appendFileSync(${JSON.stringify(log)}, "${name}" + process.argv[1] + " ")`;
  const [a, b] = await interleaved([node("a", write("a")), node("b", write("b"))], 3, () => {});
  expect(readFileSync(log, "utf8")).toBe("a0 b0 a1 b1 a2 b2 ");
  expect([a!.seconds.length, b!.seconds.length]).toEqual([3, 3]);
});

test("what was not timed in turns has no ratio", async () => {
  const [a] = await interleaved([node("a", "")], 1, () => {});
  const [b] = await interleaved([node("b", "")], 1, () => {});
  expect(() => ratio(a!, b!)).toThrow("a and b were not timed in turns: they have no ratio");
});

test("a ratio is the median of the rounds' own ratios", () => {
  const rounds = Symbol("rounds");
  const timing = (name: string, seconds: number[]) => ({ name, seconds, mebibytes: [], rounds });
  // In the second round all was ten times as slow.
  expect(ratio(timing("a", [1, 10, 1.5]), timing("b", [2, 20, 2]))).toBe(0.5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("a command that fails ends the bench with its words", async () => {
  const failing = node("a", 'console.error("no such file"); process.exitCode = 3');
  await expect(interleaved([failing], 1, () => {})).rejects.toThrow("a ended with 3: no such file");
});
