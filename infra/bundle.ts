import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync, type Metafile } from "esbuild";

/** The functions that are deployed, by the names of their files in functions/. */
export type FunctionName = "coordinator" | "station-chunk";

/** For the CommonJS packages in the bundle: they load Node's modules with `require`, which an ES module lacks. */
export const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Bundles a function with all that it imports into `build/<name>/index.mjs`, with its source map beside it. The same
 * sources give the same bytes in every folder, so a function that did not change is not deployed again.
 *
 * @returns the folder, and esbuild's account of what went into the bundle
 */
export function bundle(name: FunctionName): { folder: string; metafile: Metafile } {
  const folder = join(root, "build", name);
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [`functions/${name}.ts`],
    outfile: join(folder, "index.mjs"),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: REQUIRE },
    // For the lines of stack traces; the sources themselves are in the repository.
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    // Written aside and renamed, as another process may be loading the bundle.
    const aside = join(root, "build", `${randomUUID()}-${basename(path)}`);
    writeFileSync(aside, contents);
    renameSync(aside, path);
  }
  return { folder, metafile };
}
