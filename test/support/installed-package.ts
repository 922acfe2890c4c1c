import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The package, in a project that has nothing else. */
export interface Installed {
  readonly tarball: string;
  /** The project's folder. */
  readonly folder: string;
  /** Runs a program in that folder. Returns what it printed on stdout; fails the test if the program fails. */
  readonly run: (program: string, ...args: string[]) => Promise<string>;
}

/**
 * Packs the project, and installs the tarball in a folder outside of it, before the tests of a file.
 *
 * @param node - path of the Node that the programs run on, npm with them
 */
export function installed(node: string): Installed {
  const temporary = mkdtempSync(join(tmpdir(), "s2s-package-"));
  const folder = join(temporary, "project");
  const tarball = join(temporary, "s2s-fanout.tgz");
  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    await pack(temporary, tarball);
    await runOn(node, folder, "npm", "install", "--no-audit", "--no-fund", tarball);
  });
  afterAll(() => rmSync(temporary, { recursive: true }));
  return { tarball, folder, run: (program, ...args) => runOn(node, folder, program, ...args) };
}

async function pack(folder: string, tarball: string): Promise<void> {
  await runOn(process.execPath, ROOT, "npm", "pack", "--pack-destination", folder);
  const packed = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  renameSync(join(folder, packed!), tarball);
}

/** Runs a program with a certain Node as `node`, and no network for npm. */
function runOn(node: string, cwd: string, program: string, ...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    npm_config_offline: "true",
    PATH: [dirname(node), process.env["PATH"]].join(delimiter),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[program, ...args].join(" ")} ended with ${code}:\n${stdout}${stderr}`));
    });
  });
}

/** Every file below a folder by its path, with its bytes in base64. */
export function filesBelow(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    paths.toSorted().map((path) => [path.slice(folder.length + 1), readFileSync(path, "base64")]),
  );
}
