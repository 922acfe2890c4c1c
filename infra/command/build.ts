import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import { chunksOf } from "./chunks.ts";
import { type Contents, type Input, writeContainer } from "./container.ts";

/**
 * Makes `build/command/bundle`, which functions/s2s.js runs in the place of the sources while it is made of them as they
 * are: see functions/command-bundle.js, which reads it. With each chunk goes what V8 has compiled of it after a few commands.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "build/command");

/** They decide what the bundle is, too, though their code is not in it; the last is npm's list of what is installed. */
const MADE_WITH = [
  "functions/s2s.js",
  "functions/command-bundle.js",
  "infra/command/build.ts",
  "infra/command/chunks.ts",
  "infra/command/compiled.ts",
  "infra/command/container.ts",
  "node_modules/.package-lock.json",
];

const startedAt = Date.now();
const chunks = await chunksOf(root, { command: "functions/local.ts" });
const bundle = { texts: chunks.texts, inputs: [...chunks.inputs, ...MADE_WITH].map(inputOf) };
mkdirSync(folder, { recursive: true });
writeContainer(join(folder, "bundle"), { ...bundle, compiled: compileByUse() });

/** @throws Error where the file has changed since this began, so that the bundle may have what was before */
function inputOf(name: string): Input {
  const { size, mtimeMs } = statSync(join(root, name));
  if (mtimeMs >= startedAt) throw new Error(`${name} was changed while the command's bundle was made: make it again`);
  return [name, size, mtimeMs];
}

/** Does what users do, each time with what was compiled before. Returns what is compiled in the end. */
function compileByUse(): Contents["compiled"] {
  const temporary = mkdtempSync(join(tmpdir(), "s2s-compile-"));
  const below = (name: string) => join(temporary, name);
  const [trial, result] = [below("bundle"), below("compiled")];
  const run = [
    ["run", "--quiet", "--out", below("out")],
    ["--observations", below("observations/precip.mon.mean.1x1.nc")],
    ["--forecast", below("forecasts/CFSv2.Prec.20200625.202008.nc")],
    ["--stations", below("stations/stations.xls")],
  ].flat();
  const compiled = new Map<string, Uint8Array>();
  try {
    // Without a grid, and with one.
    for (const args of [["sample", "--out", temporary, "--resolution", "5"], run, run, ["--help"]]) {
      writeContainer(trial, { ...bundle, compiled });
      const words = [join(root, "infra/command/compiled.ts"), trial, result, ...args];
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
      if (status !== 0) throw new Error(`s2s ${args.join(" ")} fails as a bundle:\n${stderr}`);
      for (const [chunk, bytes] of deserialize(readFileSync(result)) as typeof compiled) compiled.set(chunk, bytes);
    }
    return compiled;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
