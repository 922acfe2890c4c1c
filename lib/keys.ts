/**
 * The layout of both buckets, and of the folder of a local run: every key is made here, and nowhere else. With {@link ANY}
 * for an id a key becomes the pattern of all such keys, which permissions and lifecycles are made of. docs/outputs.md
 * explains the keys to users.
 */

/** Stands for every id. */
export const ANY = "*";

/** The input bucket. */
export const inputKeys = {
  /** Prefixes. An upload below `forecasts` starts runs. */
  observations: "observations/",
  stations: "stations/",
  forecasts: "forecasts/",
  /** The station table, where no other is named. */
  stationTable: "stations/stations.xls",
  /** Definitions of products, if there are any beside those that are built in. */
  products: "products.json",
  /** Definitions of sources to fetch from, in the same way. */
  sources: "sources.json",
  /** What is known of observations that were fetched, by the name of their source. No run reads it. */
  fetched: (source: string) => `observations/.fetched/${source}.json`,
} as const;

/** How the keys of uploads end that start runs: an upload of anything else beside a forecast, such as a checksum, starts none. */
export const FORECAST_SUFFIXES = [".nc", ".nc.gz", ".zip", ".grib", ".grib2", ".grb", ".grb2"] as const;

/** The name of a product's `latest.json`, which nothing else in a product's folder may have. */
export const LATEST = "latest.json";

/** The output bucket. */
export const keys = {
  runs: "runs/",
  run: (runId: string) => `runs/${runId}/`,
  claim: (runId: string) => `runs/${runId}/claim.json`,
  plan: (runId: string) => `runs/${runId}/plan.json`,
  /** Of the grid that the run is to compute. */
  gridPlan: (runId: string) => `runs/${runId}/grid-plan.json`,
  /** Of a grid that is made in bands: left by whoever has made one. */
  bands: (runId: string) => `runs/${runId}/bands/`,
  band: (runId: string, bandId: string) => `runs/${runId}/bands/${bandId}.json`,
  stations: (runId: string) => `runs/${runId}/stations.json`,
  chunk: (runId: string, chunkId: string) => `runs/${runId}/chunks/${chunkId}.json`,
  receipts: (runId: string) => `runs/${runId}/receipts/`,
  receipt: (runId: string, chunkId: string) => `runs/${runId}/receipts/${chunkId}.json`,
  manifest: (runId: string) => `runs/${runId}/manifest.json`,
  page: (runId: string) => `runs/${runId}/index.html`,
  table: (runId: string) => `runs/${runId}/stations.csv`,

  /** The page of all runs. */
  index: "index.html",
  /**
   * What that says of a run, an object for each time that it ended: small, and apart from the rest of the run, so that one
   * listing finds those of all runs.
   */
  indexEntries: "index/",
  indexEntry: (runId: string, ended: string) => `index/${runId}.${ended}.json`,

  grids: "grids/",
  /** A part of a grid's Zarr store, by its path in there. */
  grid: (gridId: string, path: string) => `grids/${gridId}/${path}`,
  /**
   * Markers of grids that are whole. They stand apart from the tiles, so that the rules by which a bucket drops old grids
   * can take the marker first: half a grid is then never taken for a whole one.
   */
  gridMarkers: "grids/ready/",
  gridMarker: (gridId: string) => `grids/ready/${gridId}.json`,
  /** What is known of an archive: the plan of its whole grid, by the id of that, whichever parts of it are computed. */
  archive: (gridId: string) => `grids/archives/${gridId}`,
  /**
   * What is derived of a grid and kept beside it, by a hash of what it is made of: the text of the histories of some cells,
   * and what pages and tables show of them.
   */
  history: (gridId: string, digest: string) => `grids/${gridId}/history/${digest}`,
  shown: (gridId: string, digest: string) => `grids/${gridId}/shown/${digest}`,
  /** A station table with the cells of its stations, kept in the same way: by its bytes and the axes of archive and forecast. */
  placed: (digest: string) => `grids/placed/${digest}`,
  /** The climatology of a forecast that has whole values, kept in the same way: by its hindcasts, start, leads and axes. */
  hindcastMean: (digest: string) => `grids/hindcasts/${digest}`,
  /** Of a folder alone: what large files of this machine hashed to. */
  digests: "grids/digests",

  /** All of a product but its runs: its series, and its `latest.json`. */
  product: (product: string) => `${product}/`,
  latest: (product: string) => `${product}/${LATEST}`,
} as const;

/** Folders of the output bucket, so no names for a product: its series would lie among what is there. */
export const RESERVED_NAMES = ["runs", "grids", "index"] as const;

/** The id of the run whose claim has this key; undefined for any other key. */
export function runOfClaim(key: string): string | undefined {
  const [, runId] = /^runs\/([^/]+)\//.exec(key) ?? [];
  return runId !== undefined && key === keys.claim(runId) ? runId : undefined;
}

/** The run, and the time of its end, that an entry of the index is of; undefined for any other key. */
export function runOfEntry(key: string): { readonly runId: string; readonly ended: string } | undefined {
  const [, runId, ended] = /^index\/([^/]+)\.(\d{8}T\d{6})\.json$/.exec(key) ?? [];
  return runId === undefined || ended === undefined ? undefined : { runId, ended };
}

/** The id of the grid whose marker has this key; undefined for any other key. */
export function gridOfMarker(key: string): string | undefined {
  const [, gridId] = /^grids\/ready\/([^/]+)\.json$/.exec(key) ?? [];
  return gridId;
}

/** What the words in a product's `series.key` stand for, beside `{station}`. */
export interface SeriesWords {
  readonly product: string;
  readonly forecast: string;
  /** What tells the series of a run from those of others, of the same forecast, too. */
  readonly run: string;
  readonly suffix: string;
}

/**
 * The keys of the CSVs of stations, by their id.
 *
 * @param template - a product's `series.key`, with the words in braces
 */
export function seriesKeys(template: string, words: SeriesWords): (station: string) => string {
  // What stands between the ids; the words of a forecast's name that look like one of them stay.
  const parts = template
    .split("{station}")
    .map((part) => part.replaceAll(WORD, (_, word: keyof SeriesWords) => words[word]));
  return (station) => parts.join(station);
}

const WORD = /\{(product|forecast|run|suffix)\}/g;
