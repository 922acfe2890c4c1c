import { InputError } from "../../lib/errors.ts";
import { fetchSources, PATIENCE } from "../../lib/fetch/fetch.ts";
import type { FileOutcome, SourceOutcome } from "../../lib/fetch/fetching.ts";
import { BUILT_IN_SOURCES, chooseSources, type Source } from "../../lib/fetch/source.ts";
import { sweepFolder } from "../../lib/store/growing.ts";
import { folderPlace } from "../../lib/store/place.ts";
import { withTemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { openStore, readNamed } from "./places.ts";
import type { Progress } from "./progress.ts";
import { calledFile } from "./stdin.ts";

/** What `s2s fetch` is asked. */
export interface FetchRequest {
  /** Names of sources; none for all that the file of sources defines. */
  readonly names: readonly string[];
  /** A folder, a bucket or a prefix of one, laid out as the input bucket is. */
  readonly to: string;
  /** A `sources.json`. */
  readonly sources?: string | undefined;
  readonly lookBack?: number | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * Fetches what is missing in a folder or bucket.
 *
 * @param tell - told of each source when it is done
 * @throws InputError `BadSource`, `BadOption`, and those of the folder or bucket
 */
export async function fetchTo(
  request: FetchRequest,
  progress: Progress,
  tell: (lines: string) => void,
): Promise<SourceOutcome[]> {
  const sources = await chosenSources(request);
  const place = folderPlace(request.to);
  if (place.kind === "path" && request.dryRun !== true) sweepFolder(place.path);
  const store = await openStore(request.to);
  return withTemporaryFolder((folder) =>
    fetchSources(
      sources,
      {
        store,
        now: Date.now(),
        patience: PATIENCE,
        folder,
        lookBackDays: request.lookBack,
        dryRun: request.dryRun,
        onSource: (source) => progress.stage(source.name),
        onBytes: (_, bytes, of) => of !== undefined && progress.part(bytes / of),
      },
      (outcome) => tell(linesOf(outcome)),
    ),
  );
}

/** All sources that there are. @param file - a `sources.json` @throws InputError `BadSource` */
export async function allSources(file: string | undefined): Promise<readonly Source[]> {
  if (file === undefined) return BUILT_IN_SOURCES;
  const { parseSources } = await import("../../lib/fetch/source-file.ts");
  return parseSources(new TextDecoder().decode(await readNamed(file)), calledFile(file));
}

async function chosenSources({ names, sources: file }: FetchRequest): Promise<readonly Source[]> {
  const all = await allSources(file);
  if (names.length > 0) return chooseSources(all, names);
  if (file !== undefined) return all.filter((source) => !BUILT_IN_SOURCES.includes(source));
  throw new InputError("BadOption", "no source is named", {
    choices: all.map(({ name }) => name),
    hint: "s2s fetch --list tells what they are",
  });
}

/** What came of a source, a line for each file, and one if it is late. */
function linesOf({ source, files, late }: SourceOutcome): string {
  const lines = files.map((file) => `${file.status.padEnd(10)}${textOf(file)}\n`);
  if (late !== undefined) lines.push(`late      ${source}: ${late}\n`);
  return lines.length > 0 ? lines.join("") : `unchanged ${source}: all is there\n`;
}

function textOf({ status, key, address, bytes = 0, why }: FileOutcome): string {
  switch (status) {
    case "landed":
      return `${key} (${Math.ceil(bytes / 1000)} kB)`;
    case "failed":
      return why ?? address;
    case "missing":
      return `${key}: the publisher has none`;
    case "unchanged":
    case "left":
      return key;
    case "due":
      return `${key} from ${address}`;
    default:
      return status satisfies never;
  }
}

/** The sources as a table: where they are, and whether anybody has seen their address to work. */
export function tableOfSources(sources: readonly Source[]): string {
  const width = Math.max(...sources.map(({ name }) => name.length)) + 2;
  return sources
    .map(({ name, verified, address, key }) => {
      const seen = verified === undefined ? "not verified" : `verified ${verified}`;
      return `${name.padEnd(width)}${seen.padEnd(21)}${address}\n${" ".repeat(width + 21)}to ${key}\n`;
    })
    .join("");
}
