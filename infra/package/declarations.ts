import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** What a module names in `from "…"` or `import("…")`. */
const SPECIFIER = /(?<=\bfrom "|\bimport\(")[^"]+/g;

/**
 * Writes the declarations of a module's exports, and of what those name.
 *
 * @param entry - path of the module below `root`
 * @param target - folder for the declarations, laid out as `root` is
 * @throws Error where they name a type of another package, which whoever uses this one need not have
 */
export function writeDeclarations(root: string, entry: string, target: string): void {
  const made = mkdtempSync(join(tmpdir(), "s2s-types-"));
  try {
    emit(root, entry, made);
    const wanted = [entry];
    for (const file of wanted) {
      const name = file.replace(/\.ts$/, ".d.ts");
      const text = readFileSync(join(made, name), "utf8");
      for (const [specifier] of text.matchAll(SPECIFIER)) {
        if (!specifier.startsWith(".")) throw new Error(`the types of ${entry} name "${specifier}", by way of ${file}`);
        const next = join(dirname(file), specifier);
        if (!wanted.includes(next)) wanted.push(next);
      }
      mkdirSync(dirname(join(target, name)), { recursive: true });
      writeFileSync(
        join(target, name),
        text.replace(SPECIFIER, (specifier) => specifier.replace(/\.ts$/, ".js")),
      );
    }
  } finally {
    rmSync(made, { recursive: true });
  }
}

/** Has the compiler write the declarations of all modules that the entry imports. */
function emit(root: string, entry: string, folder: string): void {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: folder,
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: [],
    files: [join(root, entry)],
  };
  const path = join(folder, "tsconfig.json");
  writeFileSync(path, JSON.stringify(config));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "--project", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the declarations of ${relative(root, entry)} cannot be made:\n${stdout}`);
}
