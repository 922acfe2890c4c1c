import { writeFileSync } from "node:fs";
import v8 from "node:v8";
// @ts-expect-error: no types
import { openBundle } from "../../functions/command-bundle.js";

/**
 * Does what `s2s` with these arguments does, by a bundle, and then writes what V8 has compiled of it:
 * `node compiled.ts BUNDLE RESULT ARGUMENTS…`.
 */

/** Of the option that the command changes: see functions/local/memory.ts. */
const DEFAULT = "--semi-space-growth-factor=2";

const [node, , bundlePath, result, ...args] = process.argv;
process.argv = [node!, "s2s", ...args];
const bundle = (openBundle as (path: string) => Bundle | undefined)(bundlePath!);
if (bundle === undefined) throw new Error(`${bundlePath}: is no bundle of these sources`);
/**
 * Chunks that are loaded before the command sets an option of V8. What is compiled of them is for the options of before, and of
 * all others for those of the end: V8 takes it with the same options alone.
 */
const early = new Set<string>();
const { setFlagsFromString } = v8;
v8.setFlagsFromString = (flag) => {
  if (early.size === 0) for (const chunk of bundle.compiled().keys()) early.add(chunk);
  setFlagsFromString(flag);
};
process.on("exit", () => {
  const compiled = bundle.compiled();
  if (early.size > 0) {
    setFlagsFromString(DEFAULT);
    for (const [chunk, bytes] of bundle.compiled()) if (early.has(chunk)) compiled.set(chunk, bytes);
  }
  writeFileSync(result!, v8.serialize(compiled));
});
bundle.load("command.js");

interface Bundle {
  load(chunk: string): unknown;
  compiled(): Map<string, Buffer>;
}
