// Installs this folder's packages, unless they are there: AWS's runtime client, which is built from its sources, and Node 22.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the client's own scripts build it with. */
const TOOLS = ["cmake", "make", "g++", "python3", "tar", "xz"];

const folder = import.meta.dirname;
const lock = join(folder, "package-lock.json");
/** npm's record of what it has installed, written when all of it is in its place. */
const installed = join(folder, "node_modules/.package-lock.json");
/** Headers of the Node that runs this, which come with it; without them node-gyp downloads its own. */
const headers = join(folder, `../../node_modules/node/node_modules/node-${process.platform}-${process.arch}`);

function refuse(problem: string): never {
  console.error(`test:runtime: ${problem}`);
  process.exit(1);
}

if (process.platform !== "linux") {
  refuse("AWS's runtime client can be built on Linux alone. Run this there, for example in a container.");
}
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  const missing = TOOLS.filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  if (missing.length > 0) {
    refuse(
      `AWS's runtime client is built from its sources, and this machine has no ${missing.join(", no ")}. ` +
        "Install what is missing, on Debian and Ubuntu with: apt-get install cmake make g++ python3 tar xz-utils",
    );
  }
  const env = existsSync(join(headers, "include/node")) ? { ...process.env, npm_config_nodedir: headers } : process.env;
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, env, stdio: "inherit" });
  if (status !== 0) refuse("the packages of test/runtime cannot be installed: npm tells why above.");
}
