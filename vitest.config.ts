import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    // All processors: by default one is left idle, which of two is half.
    maxWorkers: "100%",
    env: { POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" },
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts"],
      // What runs in a browser, and the build of it: tested there, in test/report/browser, out of this process's sight.
      exclude: ["lib/report/page/**", "lib/report/build-page.ts"],
      reporter: ["text-summary", ["text", { skipFull: true }]],
      thresholds: { lines: 90 },
    },
  },
});
