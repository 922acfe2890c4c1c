import { existsSync, rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { tallyTable } from "./tally.ts";

/** Prints, when all tests have ended, what they counted. */
export default function setup({ config }: TestProject): () => void {
  const file = config.env["FAULTS_TALLY"] ?? "";
  rmSync(file, { force: true });
  return () => {
    if (!existsSync(file)) return;
    process.stdout.write(`\n${tallyTable(file)}\n`);
    rmSync(file);
  };
}
