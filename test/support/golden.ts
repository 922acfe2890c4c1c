import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Path of a file below test/fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** A golden's JSON. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(fixture(name), "utf8")) as T;
}

export function float32(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
}

export function float64(base64: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
}

/** Names and texts of the files of a folder. */
export function texts(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

/** The CSVs below the folder of a forecast, without the folder of the run that wrote them: there is to be at most one. */
export function ofOneRun(files: Readonly<Record<string, string>>): Record<string, string> {
  const runs = new Set(Object.keys(files).map((path) => path.split("/")[0]));
  if (runs.size > 1) throw new Error(`there are series of ${runs.size} runs: ${[...runs].join(", ")}`);
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.split("/").slice(1).join("/"), text]));
}
