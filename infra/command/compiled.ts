import { writeFileSync } from "node:fs";
import { serialize } from "node:v8";
// @ts-expect-error: no types
import { openBundle } from "../../functions/command-bundle.js";

/**
 * Does what `s2s` with these arguments does, by a bundle, and then writes what V8 has compiled of it:
 * `node compiled.ts BUNDLE RESULT ARGUMENTS…`.
 */

const [node, , bundlePath, result, ...args] = process.argv;
process.argv = [node!, "s2s", ...args];
const bundle = (openBundle as (path: string) => Bundle | undefined)(bundlePath!);
if (bundle === undefined) throw new Error(`${bundlePath}: is no bundle of these sources`);
process.on("exit", () => writeFileSync(result!, serialize(bundle.compiled())));
bundle.load("command.js");

interface Bundle {
  load(chunk: string): unknown;
  compiled(): Map<string, Buffer>;
}
