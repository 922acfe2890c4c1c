import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize } from "node:v8";
import { chunksOf } from "../infra/command/chunks.ts";
import { type Contents, writeContainer } from "../infra/command/container.ts";
import { root } from "./context.ts";
import type { Command } from "./measure.ts";

const MEBIBYTES = "256";

/** An archive, and its variable. */
export interface Archive {
  readonly path: string;
  readonly variable: string;
}

/**
 * Makes the program that computes and stores an anomaly grid, and nothing else: a bundle like that of the command, with what
 * V8 has compiled of it while it made one.
 *
 * @param out - where that grid goes
 * @returns its path
 */
export async function gridBundle(archive: Archive, out: string): Promise<string> {
  const folder = join(root, "build/bench");
  const [bundle, compiled] = [join(folder, "grid-only"), join(folder, "compiled")];
  mkdirSync(folder, { recursive: true });
  const { texts } = await chunksOf(root, { command: "bench/grid-only.ts" });
  writeContainer(bundle, { texts, inputs: [], compiled: new Map() });
  const words = [join(root, "infra/command/compiled.ts"), bundle, compiled, ...argumentsFor(archive, out)];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the grid's program fails as a bundle:\n${stderr}`);
  writeContainer(bundle, { texts, inputs: [], compiled: deserialize(readFileSync(compiled)) as Contents["compiled"] });
  return bundle;
}

/** @param out - the folder of a round */
export function gridCommand(name: string, bundle: string, archive: Archive, out: (round: number) => string): Command {
  return {
    name,
    program: process.execPath,
    args: (round) => [join(root, "bench/grid-only.js"), bundle, ...argumentsFor(archive, out(round))],
  };
}

function argumentsFor({ path, variable }: Archive, out: string): string[] {
  return [path, variable, out, MEBIBYTES];
}
