import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { RunInputs } from "../../lib/run/inputs.ts";
import type { InputFile } from "../../lib/store/input-file.ts";

/** An input that is known by name and etag alone. */
export function namedInput(key: string, etag: string): InputFile {
  const unread = () => Promise.reject(new Error(`${key} is not to be read`));
  return { key, etag: () => Promise.resolve(etag), size: unread, path: unread };
}

/** Inputs with these etags, and names as a real run has. */
export function namedInputs(etags: Partial<Record<keyof RunInputs, string>> = {}): RunInputs {
  const { observations = "o1", forecast = "f1", stations = "s1" } = etags;
  return {
    observations: namedInput("observations/precip.mon.mean.1x1.nc", observations),
    forecast: namedInput("forecasts/CFSv2.Prec.20200625.202008.nc", forecast),
    stations: namedInput("stations/stations.xls", stations),
  };
}

/** A file as an input of this key, whose etag is that of the bytes that it has at the time. */
export function fileInput(path: string, key: string): InputFile {
  return {
    key,
    etag: async () => hash("sha256", await readFile(path)),
    size: async () => (await stat(path)).size,
    path: () => Promise.resolve(path),
  };
}
