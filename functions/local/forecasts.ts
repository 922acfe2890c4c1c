import { existsSync } from "node:fs";
import { InputError } from "../../lib/errors.ts";
import { FORECAST_SUFFIXES } from "../../lib/keys.ts";
import { isZarr } from "../../lib/netcdf/zarr/store.ts";
import { matchesForecast, type Product } from "../../lib/run/product.ts";
import { placeOf } from "../../lib/store/place.ts";
import { isPattern, isStore, patternParts, requireSome } from "../../lib/store/several-files.ts";
import { isFolder as isFolderHere, namesIn } from "./files.ts";

/** Whether one forecast is named, which is then taken whatever its name is. */
export function isOneForecast(named: readonly string[]): boolean {
  const [first, second] = named;
  return first !== undefined && second === undefined && !isFolder(first) && !isSeveral(first);
}

/**
 * The forecasts that are named, each once: files; all of a pattern; all of a folder, or below a prefix of a bucket, whose
 * names are the product's. Those of a folder or a pattern are in order of their names, so that the newest comes last where
 * names have dates.
 *
 * @throws InputError `FileNotFound` where a folder or a pattern has none
 */
export async function forecastsOf(named: readonly string[], product: Product): Promise<string[]> {
  const all: string[] = [];
  for (const text of named) {
    if (isFolder(text)) all.push(...requireForecasts(await placesIn(text), text, product));
    else if (isSeveral(text)) all.push(...(await namesOf(text)));
    else all.push(text);
  }
  return [...new Set(all)];
}

/** Whether a name ends as that of a forecast does whose upload starts a run. */
export function isForecastName(name: string, product: Product): boolean {
  return FORECAST_SUFFIXES.some((suffix) => name.endsWith(suffix)) && matchesForecast(product, name);
}

/** A folder of this machine that is no store of Zarr, or a prefix of a bucket. */
function isFolder(text: string): boolean {
  const place = placeOf(text);
  if (place.kind === "s3") return place.key === "" || (place.key.endsWith("/") && !isStore(place.key));
  return isFolderHere(place.path) && !isStore(text) && !isZarr(place.path);
}

/** A pattern. A file of that very name is meant where there is one. */
function isSeveral(text: string): boolean {
  const place = placeOf(text);
  return isPattern(text) && (place.kind === "s3" || !existsSync(place.path));
}

function requireForecasts(names: readonly string[], folder: string, product: Product): readonly string[] {
  const fitting = names.filter((name) => isForecastName(name, product));
  if (fitting.length > 0) return fitting;
  throw new InputError("FileNotFound", `has no forecast of product "${product.name}"`, {
    file: folder,
    hint: `Their names are as ${product.forecast.pattern}. Name others one by one, or by a pattern`,
  });
}

async function namesOf(pattern: string): Promise<readonly string[]> {
  const { folder, fits } = patternParts(pattern);
  return requireSome(
    (await placesIn(folder === "" ? "." : folder)).filter((name) => fits(inFolder(folder, name))),
    pattern,
  );
}

/** `./` is how {@link placesIn} names what is here, and no pattern does. */
function inFolder(folder: string, name: string): string {
  return folder === "" ? name.replace(/^\.\//, "") : name;
}

/** The files of a folder, or the objects of a prefix, each as a user would name it, in order. */
async function placesIn(folder: string): Promise<string[]> {
  const place = placeOf(folder);
  const begin = folder.endsWith("/") ? folder : `${folder}/`;
  if (place.kind === "path") return filesIn(place.path).map((name) => begin + name);
  const { keysBeside } = await import("./buckets.ts");
  return (await keysBeside(place.bucket, place.key, "")).map((key) => `s3://${place.bucket}/${key}`);
}

/** Names of the forecasts that a folder may have, in order. @throws InputError `FileNotFound` */
export function filesIn(folder: string): string[] {
  return namesIn(folder).filter((name) => !name.startsWith("."));
}
