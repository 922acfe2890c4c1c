// Tries a deployment: docs/deploy.md#make-a-deployment
import { setTimeout } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { parseCount } from "../../functions/local/parse.ts";
import { progressOn } from "../../functions/local/progress.ts";
import { refuseRepeats } from "../../functions/local/repeats.ts";
import { isInputError } from "../../lib/errors.ts";
import type { Years } from "../../lib/grid/months.ts";
import { inputKeys } from "../../lib/keys.ts";
import { BASELINE_FORM, BASELINE_TEXT, baselineOf } from "../../lib/run/product-rules.ts";
import { type SmokeOptions, smoke } from "./smoke.ts";

const program = new Command("smoke")
  .description("Tries a deployment with made inputs. The output SmokeTest of its stack is the whole command")
  .requiredOption("--input-bucket <name>", "output InputBucket of the stack")
  .requiredOption("--output-bucket <name>", "output OutputBucket of the stack")
  .option("--observations-key <key>", "setting observationsKey (default: as the product prec says)")
  .option("--stations-key <key>", "setting stationsKey", inputKeys.stationTable)
  .option("--baseline <years>", "setting baseline (default: as the product prec says)", parseYears)
  .option("--minutes <n>", "how long the run is waited for", parseCount, 15)
  .action(async (options: SmokeOptions) => {
    const progress = await progressOn(process.stderr);
    // An end by `exit` removes what is in the temporary folder.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
    try {
      const told = await smoke(options, progress, { now: Date.now, wait: setTimeout });
      progress.stop();
      process.stdout.write(told);
    } catch (error) {
      progress.stop();
      if (!isInputError(error)) throw error;
      process.stderr.write(`error: ${error.message}\n`);
      process.exitCode = 1;
    }
  });

function parseYears(text: string): Years {
  if (!BASELINE_TEXT.test(text)) throw new InvalidArgumentError(`It ${BASELINE_FORM}.`);
  return baselineOf(text);
}

refuseRepeats(program);
await program.parseAsync();
