import type { Command } from "commander";
import { withHelp } from "../help.ts";
import { outOption } from "../options.ts";
import { parseCount, parseNumber } from "../parse.ts";
import { say } from "../say.ts";

export function addSample(program: Command): void {
  const command = program
    .command("sample")
    .description("make small inputs in the real layouts")
    .addOption(outOption("where to write them, laid out as the input bucket is"))
    .option("--resolution <degrees>", "side of a cell", parseNumber, 2.5)
    .option("--months <n>", "months of observations, ending with 2020-06", parseCount, 500)
    .option("--stations <n>", "stations in the table", parseCount, 200)
    .option("--seed <n>", "for other values", parseNumber, 7)
    .action(sample);
  withHelp(command, {
    examples: ["s2s sample -o inputs", "s2s sample -o tiny --resolution 15 --months 360 --stations 20"],
  });
}

interface SampleCommand {
  readonly out: string;
  readonly resolution: number;
  readonly months: number;
  readonly stations: number;
  readonly seed: number;
}

async function sample({ out, ...options }: SampleCommand): Promise<void> {
  const { makeSample } = await import("../../../lib/sample/sample.ts");
  const { progressOn } = await import("../progress.ts");
  const progress = await progressOn(process.stderr);
  progress.stage("sample");
  const files = await makeSample(out, options, (done, of) => progress.part(done / of));
  progress.stop();
  say(
    Object.entries(files)
      .map(([kind, file]) => `${kind.padEnd(13)}${file}\n`)
      .join(""),
  );
}
