import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { COMMONJS, REQUIRE } from "../bundle.ts";
import { writeDeclarations } from "./declarations.ts";
import { writeNotices } from "./notices.ts";

/**
 * Makes `dist/`, what the package has beside its launcher: the command and the library, with all that they import, so
 * that whoever installs it fetches nothing else; the library's types; the licences of what is in it.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const { metafile } = buildSync({
  absWorkingDir: root,
  entryPoints: { command: "functions/local.ts", index: "functions/api/index.ts" },
  outdir: "dist",
  bundle: true,
  // All in one folder: what looks for a file beside itself finds it, whichever file it is in.
  splitting: true,
  chunkNames: "[name]-[hash]",
  platform: "node",
  target: "node22.11",
  format: "esm",
  banner: { js: REQUIRE },
  define: COMMONJS,
  // Names stay, for stack traces.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
writeDeclarations(root, "functions/api/index.ts", join(dist, "types"));
writeNotices(root, Object.keys(metafile.inputs), join(dist, "THIRD-PARTY-NOTICES.txt"));
