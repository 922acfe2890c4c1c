import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { common } from "./vitest.config.ts";

/** The random tests with all their seeds, and a table of what they counted. */
export default defineConfig({
  test: {
    ...common,
    include: ["test/faults/**/*.test.ts", "test/bad-input/**/*.test.ts"],
    env: {
      ...common.env,
      FAULT_SEEDS: "all",
      FAULTS_TALLY: join(tmpdir(), `s2s-faults-${process.pid}.jsonl`),
    },
    globalSetup: "test/faults/report.ts",
  },
});
