import type { Command } from "commander";
import { oneLine } from "../../../lib/printable.ts";
import { withHelp } from "../help.ts";
import { productsOption } from "../options.ts";
import { parseInputs } from "../parse.ts";
import { say } from "../say.ts";
import { endOnSignals } from "../signals.ts";

export function addInspect(program: Command): void {
  const command = program
    .command("inspect")
    .description("show what files of NetCDF, GRIB and Zarr hold, and which products they fit")
    .argument("<files...>", "NetCDF or GRIB, or folders of Zarr; - for stdin", parseInputs)
    .addOption(productsOption().conflicts("draftProduct"))
    .option("--draft-product", "print a products.json that fits the files: an archive, a forecast, or one of each")
    .action(show);
  withHelp(command, {
    examples: [
      "s2s inspect inputs/forecasts/CFSv2.Prec.20200625.202008.nc",
      "s2s inspect --draft-product inputs/observations/*.nc inputs/forecasts/*.nc > products.json",
    ],
  });
}

interface InspectOptions {
  readonly products?: string;
  readonly draftProduct?: true;
}

async function show(files: readonly string[], { products, draftProduct }: InspectOptions): Promise<void> {
  const { draftProducts, inspect } = await import("../inspect.ts");
  endOnSignals(() => {});
  if (draftProduct === undefined) {
    say(await inspect(files, products));
    return;
  }
  const { json, notes } = await draftProducts(files);
  say(notes.map((note) => `note: ${oneLine(note)}\n`).join(""), process.stderr);
  say(json);
}
