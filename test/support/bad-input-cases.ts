import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { silent } from "../../functions/local/progress.ts";
import { type LocalRun, runLocally } from "../../functions/local/run.ts";
import { isInputError } from "../../lib/errors.ts";
import type { Manifest } from "../../lib/run/records.ts";
import type { Warning } from "../../lib/warning.ts";
import { forecast, observations, table } from "./bad-input.ts";
import { filesIn, temporaryFolder } from "./folder.ts";

/** What came of a case; `expected.json` holds what is to come of it. */
export type Outcome = { readonly error: { readonly tag: string; readonly message: string } } | object;

/** What a case's folder gives: bytes or text, or for events and settings what JSON can hold. */
export interface CaseInput {
  /** What the input is called: that of the file in the folder, or what its maker says. */
  readonly name: string | undefined;
  readonly content: unknown;
}

/** What a `make.ts` exports. */
interface Maker {
  readonly default: () => unknown;
  readonly name?: string;
}

/** The input in a case's folder: the one file beside `expected.json`, or what its `make.ts` makes. */
export async function inputOf(folder: string): Promise<CaseInput> {
  const [file = "", ...others] = readdirSync(folder).filter((name) => name !== "expected.json");
  if (others.length > 0) throw new Error(`${folder} has more than one input: ${[file, ...others].join(", ")}`);
  if (file !== "make.ts") return { name: file, content: readFileSync(join(folder, file)) };
  const maker = (await import(pathToFileURL(join(folder, file)).href)) as Maker;
  return { name: maker.name, content: await maker.default() };
}

/** Runs something that may be refused for a reason that its user can mend; anything else that it throws is a defect. */
export async function outcomeOf(work: () => object | Promise<object>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (isInputError(error)) return { error: { tag: error.tag, message: error.message } };
    throw error;
  }
}

type Role = "observations" | "forecast" | "stations";

/** Inputs that are as they should be: their run has no warning. */
const GOOD: Readonly<Record<Role, readonly [name: string, make: () => Uint8Array | string]>> = {
  observations: ["precip.nc", observations],
  forecast: ["CFSv2.Prec.20020110.200202.nc", forecast],
  stations: ["stations.csv", () => table("50001,甲,30,110", "50002,乙,40,120")],
};

const PRODUCTS = {
  products: [
    {
      name: "prec",
      observations: { key: "o.nc", variable: "precip", firstMonth: "2000-01", baseline: [2000, 2001] },
      forecast: { pattern: "CFSv2.Prec*.nc", variable: "anom", baseline: [2000, 2001] },
      series: { column: "prec_ano", suffix: "prec" },
    },
  ],
};

/** A whole run on this machine in which one input is that of a case, and a look at what it leaves behind. */
export function runWith(role: Role, { name, content }: CaseInput): Promise<Outcome> {
  const folder = temporaryFolder();
  const put = (called: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, called), bytes);
    return join(folder, called);
  };
  const path = (its: Role): string => {
    const [called, make] = GOOD[its];
    if (its !== role) return put(called, make());
    // A maker that makes nothing stands for a file that is not there.
    if (content === undefined) return join(folder, name ?? called);
    return put(name ?? called, content as Uint8Array | string);
  };
  const request: LocalRun = {
    observations: path("observations"),
    forecast: path("forecast"),
    stations: path("stations"),
    products: put("products.json", JSON.stringify(PRODUCTS)),
    product: "prec",
    out: join(folder, "out"),
    now: "2002-01-10 06:07:08",
    gridMemory: 64,
    mode: "new",
  };
  const outcome = outcomeOf(async () => {
    try {
      const { manifest } = await runLocally(request, silent);
      return { status: manifest.status, written: writtenIn(request.out), warnings: manifest.warnings.map(plain) };
    } catch (error) {
      if (isInputError(error)) requireNothingHalfDone(request.out, folder, error.message);
      throw error;
    }
  });
  // The folder has another name each time.
  return outcome.then((told) => JSON.parse(JSON.stringify(told).replaceAll(`${folder}/`, "")) as Outcome);
}

function writtenIn(out: string): string[] {
  return filesIn(out)
    .filter((file) => file.endsWith(".csv") && !file.startsWith("runs"))
    .map((file) => basename(file))
    .sort();
}

/**
 * After an error there is no series, no growing file, no grid that seems whole; a manifest and a page tell the error, and
 * the table of its stations where they were planned.
 */
function requireNothingHalfDone(out: string, folder: string, message: string): void {
  const files = filesIn(out);
  const isTable = (file: string) => /^runs\/[^/]+\/stations\.csv$/.test(file);
  // What is known of archive and table of a run that was planned.
  const isKept = (file: string) => /^grids\/(archives|placed)\//.test(file);
  const isHalfDone = (file: string) =>
    /\.csv$|grid\.json$|latest\.json$/.test(file) || !/\.json$|index\.html$|[\d.]+$|\.z\w+$/.test(file);
  const wrong = files.filter((file) => isHalfDone(file) && !isTable(file) && !isKept(file));
  if (wrong.length > 0) throw new Error(`the run left ${wrong.join(", ")}`);
  const manifest = files.find((file) => file.endsWith("manifest.json"));
  if (manifest === undefined) {
    if (files.some((file) => file.endsWith("claim.json"))) throw new Error("the claimed run left no manifest");
    return;
  }
  const { status, error } = JSON.parse(readFileSync(join(out, manifest), "utf8")) as Manifest;
  if (status !== "failed" || error !== message) throw new Error(`the manifest says ${status}: ${error} (${folder})`);
}

/** What a warning says, without the numbers of the sphere. */
function plain({ kind, message, station, row }: Warning): object {
  return { kind, message, ...(station === undefined ? {} : { station }), ...(row === undefined ? {} : { row }) };
}
