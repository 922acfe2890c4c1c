import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A digest of what the kernels are compiled from. */
export function sourcesDigest(): string {
  const folder = new URL("assembly/", import.meta.url);
  const texts = readdirSync(folder)
    .toSorted()
    .map((name) => [name, readFileSync(new URL(name, folder), "utf8")]);
  return hash("sha256", JSON.stringify(texts));
}
