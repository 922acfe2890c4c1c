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
  expect([a!.runs.length, b!.runs.length]).toEqual([3, 3]);
});

test("what was not timed in turns has no ratio", async () => {
  const [a] = await interleaved([node("a", "")], 1, () => {});
  const [b] = await interleaved([node("b", "")], 1, () => {});
  expect(() => ratio(a!, b!)).toThrow("a and b were not timed in turns: they have no ratio");
});

test("a ratio is the median of the rounds' own ratios", () => {
  const rounds = Symbol("rounds");
  const timing = (name: string, seconds: number[]) => ({
    name,
    runs: seconds.map((each) => ({ seconds: each, processor: 2 * each, faults: 0, mebibytes: 0, others: 0 })),
    rounds,
  });
  // In the second round all was ten times as slow.
  expect(ratio(timing("a", [1, 10, 1.5]), timing("b", [2, 20, 2]))).toBe(0.5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("a command that fails ends the bench with its words", async () => {
  const failing = node("a", 'console.error("no such file"); process.exitCode = 3');
  await expect(interleaved([failing], 1, () => {})).rejects.toThrow("a ended with 3: no such file");
});

test.runIf(process.platform === "linux")(
  "processor time, faults and memory are those of the command, also of what it starts",
  async () => {
    const work = (children: number) => `
    const { spawnSync } = require("node:child_process");
    if (${children} > 0) spawnSync(process.execPath, ["-e", ${JSON.stringify("const end = Date.now() + 400; while (Date.now() < end);")}]);
    Buffer.alloc(64 * 2 ** 20, 1);`;
    const [alone, withChild] = await interleaved([node("alone", work(0)), node("with a child", work(1))], 1, () => {});
    // 64 MiB are 16384 pages of 4 KiB, or fewer larger ones.
    expect(alone!.runs[0]!.mebibytes).toBeGreaterThan(64);
    expect(alone!.runs[0]!.faults).toBeGreaterThan(100);
    expect(withChild!.runs[0]!.processor).toBeGreaterThan(alone!.runs[0]!.processor);
  },
);
