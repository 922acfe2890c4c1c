import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourcesDigest } from "./sources.ts";

/** Makes `build/grid-kernels.js`: what assembly/ is compiled to, as text that bundles can carry. */

const root = fileURLToPath(new URL("../../../", import.meta.url));
const build = join(root, "build");
const wasm = join(build, `grid-kernels.${process.pid}.wasm`);

mkdirSync(build, { recursive: true });
// As a program: its types would change those of arrays for all that is here.
const compiler = join(root, "node_modules/assemblyscript/bin/asc.js");
const source = "lib/grid/kernels/assembly/index.ts";
// The memory is the caller's, who has it grow before a loop begins.
const options = ["-O3", "--enable", "simd", "--runtime", "stub", "--importMemory"];
execFileSync(process.execPath, [compiler, source, "--outFile", wasm, ...options], { cwd: root, stdio: "inherit" });
const text = JSON.stringify(readFileSync(wasm, "base64"));
const digest = JSON.stringify(sourcesDigest());
write("grid-kernels.js", `export const wasm = ${text};\nexport const sources = ${digest};\n`);
write(
  "grid-kernels.d.ts",
  "/** A module of WebAssembly, in base64, and the digest of its sources. */\nexport const wasm: string, sources: string;\n",
);
renameSync(wasm, join(build, "grid-kernels.wasm"));

/** Replaced at once: another process may be reading the one before. */
function write(name: string, contents: string): void {
  const path = join(build, name);
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}
