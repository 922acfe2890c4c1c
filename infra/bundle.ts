import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync, type Metafile } from "esbuild";

/** The functions that are deployed, by the names of their files in functions/. */
export type FunctionName = "coordinator" | "fetcher" | "grid-band" | "station-chunk";

/** For the CommonJS packages in the bundle: they load Node's modules with `require`, which an ES module lacks. */
export const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** And the folder that they are in. */
export const COMMONJS = { __dirname: "import.meta.dirname" };

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Bundles a function with all that it imports into `build/<name>/`: `index.mjs`, what it loads late in chunks beside it,
 * and the source map of each. The same sources give the same bytes in every folder, so a function that did not change is
 * not deployed again.
 *
 * @returns the folder, and esbuild's account of what went into the bundle
 */
export function bundle(name: FunctionName): { folder: string; metafile: Metafile } {
  const folder = join(root, "build", name);
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: { index: `functions/${name}.ts` },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // Its start reads only what it needs at once.
    splitting: true,
    chunkNames: "[name]-[hash]",
    minify: true,
    platform: "node",
    target: "node24",
    // Of a package that comes as CommonJS and as modules, the modules: of the others nothing can be left out.
    mainFields: ["module", "main"],
    format: "esm",
    banner: { js: REQUIRE },
    define: COMMONJS,
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
  // Chunks of other sources, whose names have other hashes: the folder is deployed as it is.
  const names = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const old of readdirSync(folder)) if (!names.has(old)) rmSync(join(folder, old), { force: true });
  return { folder, metafile };
}

/** What the import of a bundle reads, of its outputs: `index.mjs` and the chunks that it imports at once, by their paths. */
export function loadedAtStart({ outputs }: Metafile): readonly string[] {
  const loaded = new Set(Object.keys(outputs).filter((path) => basename(path) === "index.mjs"));
  // A set is gone through with what is added on the way.
  for (const path of loaded) {
    for (const { kind, path: imported } of outputs[path]!.imports) {
      if (kind === "import-statement" && imported in outputs) loaded.add(imported);
    }
  }
  return [...loaded];
}
