import { InputError, isInputError } from "../../lib/errors.ts";
import { rangeText } from "../../lib/grid/archive-warnings.ts";
import { GRID_MEMORY_BYTES } from "../../lib/grid/choices.ts";
import { describeGrid } from "../../lib/grid/description.ts";
import { withDataset } from "../../lib/netcdf/open.ts";
import { oneLine } from "../../lib/printable.ts";
import { baseWarnings, gridOrder } from "../../lib/run/base-period.ts";
import { draftClaim } from "../../lib/run/claim.ts";
import { notExpected, unmetByRows } from "../../lib/run/expect.ts";
import { readForecast } from "../../lib/run/forecast.ts";
import type { ArchiveInput } from "../../lib/run/inputs.ts";
import { joinInputs } from "../../lib/run/join.ts";
import { filesOf } from "../../lib/run/local-archive.ts";
import { withObservations } from "../../lib/run/observations.ts";
import { tableWarnings } from "../../lib/run/plan-warnings.ts";
import type { Product } from "../../lib/run/product.ts";
import type { BaseRecord } from "../../lib/run/records.ts";
import type { Encoding } from "../../lib/stations/encoding.ts";
import { readStationTable } from "../../lib/stations/read-table.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { FilesBeside, InputFile } from "../../lib/store/input-file.ts";
import { TemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { clockText, timeText } from "../../lib/time.ts";
import { chosenUnits } from "../../lib/units/chosen.ts";
import { prettyUnits } from "../../lib/units/pretty.ts";
import { counted } from "../../lib/warning.ts";
import { inputsOf, type NamedFiles, type OpenPlaces, productOf } from "./named-files.ts";
import { openArchive, openBeside, openInput, readNamed } from "./places.ts";
import { loadProducts } from "./products.ts";
import { calledFile } from "./stdin.ts";
import { warningRows } from "./summary.ts";

/** What is to be checked: any of the files of a run. */
export interface CheckRequest extends Partial<NamedFiles> {
  /** `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly now?: string;
}

export interface Checked {
  /** Lines about each file, and about what a run would make of observations, forecast and stations together. */
  readonly text: string;
  /** Whether nothing that was given would be refused. */
  readonly usable: boolean;
}

/** What all parts of a check share. */
interface Look extends OpenPlaces {
  readonly product: Product;
  /** The files in the folder of one. */
  readonly besideOf: (place: string) => FilesBeside;
  /** The folder that these files are downloaded to. */
  readonly downloads: string;
}

type Rows = readonly (readonly [title: string, text: string])[];

/**
 * What a run would say of its files, without one: of each that is given, and of observations, forecast and stations
 * together where all three are. Nothing is written. Which cells have observations is known by a run alone, as only that
 * reads the archive's values.
 *
 * @throws InputError `BadProduct` for a product that is not defined, or a file of products that is wrong
 */
export async function check(request: CheckRequest): Promise<Checked> {
  const { observations, forecast, stations, products } = request;
  if ((observations ?? forecast ?? stations ?? products) === undefined) {
    throw new InputError("BadOption", "nothing is named that could be checked", {
      hint: "Name a file with --observations, --forecast, --stations or --products",
    });
  }
  await using downloads = new TemporaryFolder();
  const defined = await loadProducts(products);
  const product = productOf(defined, request.product);
  // What is in a bucket is downloaded once, for its own part and for the run.
  const files = new Map<string, InputFile>();
  const archives = new Map<string, ArchiveInput>();
  const look: Look = {
    product,
    downloads: downloads.path,
    fileOf: (place) => kept(files, place, () => openInput(place, downloads)),
    archiveOf: (place) => kept(archives, place, () => openArchive(place, downloads)),
    besideOf: (place) => openBeside(place, downloads),
  };
  const rows: (readonly [string, string])[] = [["product", productText(defined, product)]];
  let usable = true;
  const add = async (title: string, find: () => Promise<Rows>) => {
    try {
      rows.push(...(await find()));
    } catch (error) {
      if (!isInputError(error)) throw error;
      usable = false;
      rows.push([title, `refused: ${error.message}`]);
    }
  };
  if (observations !== undefined) await add("observations", () => aboutObservations(look, observations));
  if (forecast !== undefined) await add("forecast", () => aboutForecast(look, forecast));
  if (stations !== undefined) await add("stations", () => aboutStations(stations, request.encoding));
  if (usable && isWhole(request)) await add("a run", () => aboutAll(look, request));
  const width = Math.max(...rows.map(([title]) => title.length)) + 2;
  return { text: rows.map(([title, text]) => `${title.padEnd(width)}${oneLine(text)}\n`).join(""), usable };
}

function isWhole(request: CheckRequest): request is CheckRequest & NamedFiles {
  return request.observations !== undefined && request.forecast !== undefined && request.stations !== undefined;
}

function productText(defined: readonly Product[], { name }: Product): string {
  return defined.length === 1 ? name : `${name}, of ${defined.map((product) => product.name).join(", ")}`;
}

function kept<T>(opened: Map<string, T>, place: string, open: () => T): T {
  const found = opened.get(place) ?? open();
  opened.set(place, found);
  return found;
}

async function aboutObservations({ product, archiveOf }: Look, place: string): Promise<Rows> {
  const input = archiveOf(place);
  const { climatology } = product.observations;
  const order = gridOrder(product, null, climatology && { key: climatology.key, etag: "" });
  const grid = await withObservations(await filesOf(input), order, (dataset) => describeGrid(dataset, order, ""));
  const units = grid.units === undefined ? "no units" : prettyUnits(grid.units);
  const cells = `${grid.lat.length} x ${grid.lon.length} cells`;
  return [
    ["observations", `${input.key}: ${grid.variable} in ${units}, ${rangeText(grid.seconds)}, ${cells}`],
    ...warningRows(grid.warnings),
  ];
}

async function aboutForecast({ product, fileOf }: Look, place: string): Promise<Rows> {
  const input = fileOf(place);
  const forecast = await withDataset(await input.path(), input.key, (dataset) => readForecast(dataset, product));
  const said = chosenUnits({ attribute: forecast.units, product: product.forecast.units });
  const units = said === undefined ? "no units" : prettyUnits(said);
  const targets = Array.from(forecast.seconds, timeText).join(", ");
  return [["forecast", `${input.key}: ${product.forecast.variable} in ${units}, for ${targets}`]];
}

async function aboutStations(place: string, encoding: Encoding | undefined): Promise<Rows> {
  const table = await readStationTable(await readNamed(place), calledFile(place), encoding);
  const { stations, rejected, emptyRows } = table;
  const left = [
    rejected.length === 0 ? [] : [`${counted(rejected.length, "row")} rejected`],
    emptyRows.length === 0 ? [] : [`${counted(emptyRows.length, "row")} with an empty cell`],
  ].flat();
  const read = table.encoding === undefined ? "" : `, read as ${table.encoding}`;
  return [
    ["stations", [`${calledFile(place)}: ${counted(stations.length, "station")}${read}`, ...left].join("; ")],
    ...warningRows(tableWarnings(table)),
  ];
}

/** What the plan of a run would say. */
async function aboutAll(
  { product, fileOf, archiveOf, besideOf, downloads }: Look,
  request: CheckRequest & NamedFiles,
): Promise<Rows> {
  const inputs = {
    ...inputsOf(request, product, { fileOf, archiveOf }),
    forecast: fileOf(request.forecast),
    beside: product.forecast.initialisations && besideOf(request.forecast),
  };
  const { now } = request;
  const asked = { product, ...(now === undefined ? {} : { now }) };
  const claim = await draftClaim(inputs, asked, { owner: "check", clock: clockText(Date.now()) });
  // In an empty folder no grid is stored.
  const store = folderStore(downloads);
  const join = await joinInputs({ store, inputs, product, claim, limits: { memoryBytes: GRID_MEMORY_BYTES } });
  const unmet = unmetByRows(product, join.rows);
  if (unmet.length > 0) throw notExpected(product, unmet);
  const {
    planned,
    table: {
      placed: { tooFar },
    },
  } = join;
  const far = tooFar === 0 ? "" : `; ${tooFar} too far from any cell`;
  const { baseline } = product.observations;
  const ofBases = baseWarnings(join.base, { baseline, units: join.grid.units ?? null }, []);
  return [
    ["a run", `would write ${counted(planned.length, "station")}${far}; now is ${claim.now}`],
    ["", basesText(join.base, baseline.join("-"))],
    ...warningRows([...join.warnings, ...ofBases]),
  ];
}

function basesText(base: BaseRecord | null, baseline: string): string {
  const years = base === null ? "unknown years" : base.years.join("-");
  if (base?.rebased === true) return `forecast rebased from ${years} to ${baseline}, as the observations`;
  return `forecast relative to ${years}, observations to ${baseline}`;
}
