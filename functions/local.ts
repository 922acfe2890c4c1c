import { isAbsolute } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { errnoOf, InputError, isInputError, messageOf } from "../lib/errors.ts";
import { GRID_MEMORY_BYTES } from "../lib/grid/passes.ts";
import { EXTENTS } from "../lib/grid/region.ts";
import { oneLine } from "../lib/printable.ts";
import about from "../package.json" with { type: "json" };
import type { CheckRequest } from "./local/check.ts";
import { EXIT } from "./local/exit.ts";
import type { FetchOptions } from "./local/fetch-command.ts";
import {
  parseCount,
  parseDays,
  parseFile,
  parseFiles,
  parseNumber,
  parseOut,
  parsePort,
  parseSeconds,
  refuseRepeats,
  withFiles,
} from "./local/options.ts";
import type { RunOptions } from "./local/run-command.ts";
import { say } from "./local/say.ts";
import type { ServeOptions } from "./local/serve-command.ts";
import type { WatchOptions } from "./local/watch-command.ts";
import { keepYoungSmall } from "./local/young-memory.ts";

/** How a server is not reached; a command that is given again may reach it. */
const NETWORK_ERRORS = new Set(
  "EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ENOTFOUND ETIMEDOUT".split(" "),
);

const GRID_TEXT = "cells of the anomaly grid: those of the stations' region, or all (default: as the product says)";

const program = new Command("s2s")
  .description("Joins gridded monthly observations with a sub-seasonal forecast into one CSV per weather station")
  .version(about.version)
  .configureOutput({ writeOut: (text) => say(text), writeErr: (text) => say(text, process.stderr) })
  .showHelpAfterError("(add --help for the options)")
  .exitOverride();

withFiles(program.command("run"), "all")
  .description("make the series of all stations for one forecast, or for several")
  .requiredOption("--out <folder>", "where series, grids and runs are kept, laid out as the output bucket is", parseOut)
  .addOption(new Option("--grid <extent>", GRID_TEXT).choices(EXTENTS))
  .option("--grid-memory <MiB>", "of the anomaly grid held at once", parseCount, GRID_MEMORY_BYTES / 2 ** 20)
  .addOption(new Option("--resume", "finish a run that was stopped: do what has no receipt").conflicts("force"))
  .addOption(new Option("--force", "do all of a run again, even one that is not finished"))
  .option("--strict", "end with exit code 3 if a row of the table or a station cannot be used")
  .option("--json", "print the manifest on stdout, and nothing else")
  .option("--quiet", "print nothing but errors")
  .action(async (options: RunOptions) => {
    const { progressOn, silent } = await import("./local/progress.ts");
    const { runCommand } = await import("./local/run-command.ts");
    keepYoungSmall();
    const progress = options.json === true || options.quiet === true ? silent : await progressOn(process.stderr);
    endOnSignals(() => {
      progress.stop();
      say("\nstopped: the same command with --resume does what is left\n", process.stderr);
    });
    process.exitCode = await runCommand(options, progress);
  });

withFiles(program.command("watch"), "shared")
  .description("make the series of every forecast that lands in a folder, until it is stopped")
  .argument("<folder>", "where forecasts land", parseFile)
  .requiredOption("--out <folder>", "where series, grids and runs are kept, laid out as the output bucket is", parseOut)
  .addOption(new Option("--grid <extent>", GRID_TEXT).choices(EXTENTS))
  .option("--grid-memory <MiB>", "of the anomaly grid held at once", parseCount, GRID_MEMORY_BYTES / 2 ** 20)
  .option("--every <seconds>", "from one look at the folder to the next", parseSeconds, 10)
  .option("--json", "print the manifests on stdout, a line each, and nothing else")
  .action(async (folder: string, options: WatchOptions) => {
    const { watchCommand } = await import("./local/watch-command.ts");
    keepYoungSmall();
    endOnSignals(() => say("\nstopped: the same command goes on\n", process.stderr));
    await watchCommand(folder, options);
  });

program
  .command("sample")
  .description("make small inputs in the real layouts")
  .requiredOption("--out <folder>", "where to write them, laid out as the input bucket is")
  .option("--resolution <degrees>", "side of a cell", parseNumber, 2.5)
  .option("--months <n>", "months of observations, ending with 2020-06", parseCount, 500)
  .option("--stations <n>", "stations in the table", parseCount, 200)
  .option("--seed <n>", "for other values", parseNumber, 7)
  .action(async ({ out, ...options }: SampleCommand) => {
    const { makeSample } = await import("../lib/sample/sample.ts");
    const { progressOn } = await import("./local/progress.ts");
    const progress = await progressOn(process.stderr);
    progress.stage("sample");
    const files = await makeSample(out, options, (done, of) => progress.part(done / of));
    progress.stop();
    say(
      Object.entries(files)
        .map(([kind, file]) => `${kind.padEnd(13)}${file}\n`)
        .join(""),
    );
  });

program
  .command("status")
  .description("show the runs of a folder or bucket as a table")
  .argument("<out>", "what a run was given as --out", parseOut)
  .action(async (out: string) => {
    const { findRuns, statusTable } = await import("./local/runs.ts");
    say(statusTable(await findRuns(out)));
  });

program
  .command("open")
  .description("print where the page of the newest run is, and on a desktop open it")
  .argument("<out>", "what a run was given as --out", parseOut)
  .action(async (out: string) => {
    const [{ newestPage }, { isDesktop, openPage }] = await Promise.all([
      import("./local/runs.ts"),
      import("./local/open-page.ts"),
    ]);
    const page = await newestPage(out);
    say(`${page}\n`);
    // In a bucket the page is as private as that: no browser is let in.
    if (isAbsolute(page) && isDesktop(process.env, process.platform, process.stdout.isTTY)) openPage(page);
  });

program
  .command("serve")
  .description("show the pages of a folder on this machine, and all runs at a glance while they go on")
  .argument("<folder>", "what a run was given as --out", parseOut)
  .option("--port <number>", "on 127.0.0.1; 0 is any that is free", parsePort, 8000)
  .action(async (out: string, options: ServeOptions) => {
    const { serveCommand } = await import("./local/serve-command.ts");
    endOnSignals(() => {});
    await serveCommand(out, options);
  });

program
  .command("index")
  .description("make the index of all runs of a folder or bucket anew")
  .argument("<out>", "what a run was given as --out", parseOut)
  .action(async (out: string) => {
    const { remakeIndex } = await import("./local/index-command.ts");
    say(await remakeIndex(out));
  });

program
  .command("inspect")
  .description("show what files of NetCDF, GRIB and Zarr hold, and which products they fit")
  .argument("<files...>", "NetCDF or GRIB, or folders of Zarr", parseFiles)
  .addOption(
    new Option("--products <file>", "a products.json with more or other products")
      .argParser(parseFile)
      .conflicts("draftProduct"),
  )
  .option("--draft-product", "print a products.json that fits the files: an archive, a forecast, or one of each")
  .action(async (files: string[], { products, draftProduct }: { products?: string; draftProduct?: true }) => {
    const { draftProducts, inspect } = await import("./local/inspect.ts");
    endOnSignals(() => {});
    if (draftProduct === undefined) {
      say(await inspect(files, products));
      return;
    }
    const { json, notes } = await draftProducts(files);
    say(notes.map((note) => `note: ${oneLine(note)}\n`).join(""), process.stderr);
    say(json);
  });

withFiles(program.command("check"), "any")
  .description("tell what a run would say of its files, and run nothing")
  .action(async (options: CheckRequest) => {
    const { check } = await import("./local/check.ts");
    endOnSignals(() => {});
    const { text, usable } = await check(options);
    say(text);
    process.exitCode = usable ? EXIT.complete : EXIT.failed;
  });

program
  .command("fetch")
  .description("fetch what publishers have, and a folder or bucket has not")
  .argument("[sources...]", "names of sources (default: all that --sources defines)")
  .option("--to <folder>", "where files land, laid out as the input bucket is", parseOut)
  .addOption(new Option("--sources <file>", "a sources.json with more or other sources").argParser(parseFile))
  .option("--look-back <days>", "how far back forecasts are asked for (default: as each source says)", parseDays)
  .option("--dry-run", "tell what would be asked for, and fetch nothing")
  .option("--list", "tell which sources there are, and fetch nothing")
  .action(async (names: string[], options: FetchOptions) => {
    const { progressOn } = await import("./local/progress.ts");
    const { fetchCommand } = await import("./local/fetch-command.ts");
    const progress = await progressOn(process.stderr);
    endOnSignals(() => progress.stop());
    process.exitCode = await fetchCommand(names, options, progress);
  });

interface SampleCommand {
  out: string;
  resolution: number;
  months: number;
  stations: number;
  seed: number;
}

/** Ends the process when it is interrupted, after `last`, so that what it has in the temporary folder is removed. */
function endOnSignals(last: () => void): void {
  for (const [signal, code] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      last();
      process.exit(code);
    });
  }
}

refuseRepeats(program);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed what is wrong; --help and --version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  } else {
    const usage = isInputError(error, "BadOption", "BadName", "BadProduct", "BadSource");
    // Of a network that fails, as of a wrong input, all is said by the message.
    const plain = error instanceof InputError || NETWORK_ERRORS.has(errnoOf((error as Error).cause) ?? "");
    const text = plain ? messageOf(error) : `${messageOf(error)}\n${(error as Error).stack ?? ""}`;
    say(`error: ${text}\n`, process.stderr);
    process.exitCode = usage ? EXIT.usage : EXIT.failed;
  }
});
