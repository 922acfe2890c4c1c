import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { tally, tallyFault, tallyTable } from "./tally.ts";

test("counts become one row for each suite", () => {
  const file = join(temporaryFolder(), "tally.jsonl");
  vi.stubEnv("FAULTS_TALLY", file);
  onTestFinished(() => void vi.unstubAllEnvs());
  tally("runs", "complete", 2);
  tally("files", "refused");
  tally("runs", "partial, then resumed");
  tallyFault("runs", "503", 4);
  tally("runs", "complete");
  expect(tallyTable(file)).toBe(
    [
      "| suite | cases | faults injected | outcomes                            |",
      "| ----- | ----- | --------------- | ----------------------------------- |",
      "| files | 1     |                 | 1 refused                           |",
      "| runs  | 4     | 4 503           | 3 complete, 1 partial, then resumed |",
      "",
    ].join("\n"),
  );
});

test("nothing is counted where no file is named", () => {
  vi.stubEnv("FAULTS_TALLY", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => tally("runs", "complete")).not.toThrow();
});
