import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";

/** Size, and time of change in ms, of a file below the project's folder. */
export type Input = readonly [name: string, size: number, changed: number];

export interface Contents {
  readonly inputs: readonly Input[];
  /** Code by the name of its chunk. */
  readonly texts: ReadonlyMap<string, string>;
  /** What V8 has compiled, of chunks that were used. */
  readonly compiled: ReadonlyMap<string, Uint8Array>;
}

/** Writes the file that functions/command-bundle.js reads: the length of a header, the header as JSON, then the chunks. */
export function writeContainer(path: string, { inputs, texts, compiled }: Contents): void {
  const parts: Uint8Array[] = [];
  const chunks: Record<string, readonly [at: number, textBytes: number, compiledBytes: number, checksum: number]> = {};
  let bytes = 0;
  for (const [name, text] of texts) {
    const [source, code] = [Buffer.from(text), compiled.get(name) ?? new Uint8Array()];
    chunks[name] = [bytes, source.length, code.length, crc32(code, crc32(source))];
    parts.push(source, code);
    bytes += source.length + code.length;
  }
  // To the second, which every file system can keep.
  const written = Math.floor(Date.now() / 1000);
  const header = JSON.stringify({ written: written * 1000, bytes, inputs, chunks });
  const length = `${Buffer.byteLength(header)}\n`.padStart(12);
  // Written aside and renamed, as another process may be reading the one before.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, Buffer.concat([Buffer.from(length + header), ...parts]));
  utimesSync(aside, written, written);
  renameSync(aside, path);
}
