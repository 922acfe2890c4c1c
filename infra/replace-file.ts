import { randomUUID } from "node:crypto";
import { renameSync, utimesSync, writeFileSync } from "node:fs";

/**
 * Writes a file aside and renames it, as another process may be reading the one before.
 *
 * @param seconds - its time of change; by default now
 */
export function replaceFile(path: string, bytes: Uint8Array, seconds?: number): void {
  const aside = `${path}.${randomUUID()}`;
  writeFileSync(aside, bytes);
  if (seconds !== undefined) utimesSync(aside, seconds, seconds);
  renameSync(aside, path);
}
