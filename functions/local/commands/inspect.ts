import { type Command, Option } from "commander";
import { oneLine } from "../../../lib/printable.ts";
import { parseFile, parseFiles } from "../parse.ts";
import { say } from "../say.ts";
import { endOnSignals } from "../signals.ts";

export function addInspect(program: Command): void {
  const products = new Option("--products <file>", "a products.json with more or other products");
  program
    .command("inspect")
    .description("show what files of NetCDF, GRIB and Zarr hold, and which products they fit")
    .argument("<files...>", "NetCDF or GRIB, or folders of Zarr", parseFiles)
    .addOption(products.argParser(parseFile).conflicts("draftProduct"))
    .option("--draft-product", "print a products.json that fits the files: an archive, a forecast, or one of each")
    .action(show);
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
