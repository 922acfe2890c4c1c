import { configDefaults, defineConfig } from "vitest/config";
import { HANGS_MS } from "./test/support/guard.ts";

/** The fast rooms, and one whole run of the command: what `npm test` runs. */
const INNER_LOOP = [
  "test/*.test.ts",
  "test/report/*.test.ts",
  "test/{fetch,grid,netcdf,run,sample,series,stations,store,units}/**/*.test.ts",
  "test/functions/golden-run.test.ts",
];

/** Needs what test/runtime/install.ts installs. */
const RUNTIME = ["test/runtime/*.test.ts"];

/** Of every project, and of vitest.faults.config.ts. */
export const common = {
  testTimeout: HANGS_MS,
  hookTimeout: HANGS_MS,
  teardownTimeout: HANGS_MS,
  expect: { poll: { timeout: HANGS_MS } },
  // All processors: by default one is left idle, which of two is half.
  maxWorkers: "100%",
  env: { POWERTOOLS_LOG_LEVEL: "SILENT", POWERTOOLS_METRICS_DISABLED: "true" },
};

export default defineConfig({
  test: {
    ...common,
    projects: [
      { extends: true, test: { name: "inner", include: INNER_LOOP } },
      {
        extends: true,
        test: {
          name: "outer",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...INNER_LOOP, ...RUNTIME],
        },
      },
      { extends: true, test: { name: "runtime", include: RUNTIME } },
    ],
    coverage: {
      provider: "v8",
      include: ["lib/**/*.ts"],
      // What runs in a browser, and the build of it: tested there, in test/report/browser, out of this process's sight.
      exclude: [
        "lib/report/page/**",
        "lib/report/build-page.ts",
        "lib/grid/kernels/assembly/**",
        "lib/grid/kernels/build.ts",
      ],
      reporter: ["text-summary", ["text", { skipFull: true }]],
      thresholds: { lines: 90 },
    },
  },
});
