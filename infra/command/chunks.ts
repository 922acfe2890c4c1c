import { basename } from "node:path";
import { build as bundle, type Metafile, type Plugin, transformSync } from "esbuild";

/** A program as chunks of code. */
export interface Chunks {
  /** Text of a function expression, as {@link wrapped} makes it, by the name of its chunk. */
  readonly texts: ReadonlyMap<string, string>;
  /** The files that it was made of, relative to the project's folder. */
  readonly inputs: readonly string[];
}

/**
 * Bundles a program into chunks: one with what every call needs, `NAME.js`, and others that are loaded when they are used.
 *
 * @param root - the project's folder
 * @param entry - the program's source by its name
 */
export async function chunksOf(root: string, entry: Readonly<Record<string, string>>): Promise<Chunks> {
  const { outputFiles, metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: entry,
    outdir: "build/command",
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node24",
    format: "esm",
    plugins: [lateChildProcess],
    metafile: true,
    write: false,
    // Names and lines stay, for stack traces.
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
  });
  const texts = new Map<string, string>();
  for (const { path, text } of outputFiles) texts.set(basename(path), wrapped(text));
  return { texts, inputs: inputsOf(metafile) };
}

function inputsOf({ inputs }: Metafile): string[] {
  // Of packages, npm's list of what is installed says enough. What a plugin makes has a name of its own kind.
  return Object.keys(inputs).filter((name) => !name.includes("node_modules/") && !name.startsWith(`${LATE}:`));
}

/** A chunk as what functions/command-bundle.js calls: like a CommonJS module, since V8 keeps compiled code of scripts alone. */
function wrapped(text: string): string {
  const { code } = transformSync(text, {
    format: "cjs",
    platform: "node",
    target: "node24",
    supported: { "dynamic-import": false },
    define: { "import.meta.filename": "__filename", "import.meta.dirname": "__dirname", "import.meta.url": "__url" },
  });
  // What needs it is a package that is loaded late.
  const url = code.includes("__url") ? 'const __url = require("node:url").pathToFileURL(__filename).href;\n' : "";
  return `(function (exports, require, module, __filename, __dirname) {\n${url}${code}})`;
}

const LATE = "late";

/**
 * Commander can start other programs as subcommands, which no command here does; for that it loads what takes a tenth of
 * Node's own start.
 */
const lateChildProcess: Plugin = {
  name: "late-child-process",
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("/commander/") ? { path: "child_process", namespace: LATE } : undefined,
    );
    build.onLoad({ filter: /./, namespace: LATE }, () => ({
      contents: 'module.exports = { spawn: (...args) => require("child_process").spawn(...args) };',
    }));
  },
};
