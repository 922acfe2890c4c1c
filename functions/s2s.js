#!/usr/bin/env node
// Starts the command: in the repository from its bundle, or from the sources where that is not of them as they are now;
// and in the package, which has no sources, from what was bundled for it.
// In JavaScript, since stripping the types of a first file takes longer than all that the cache, which is not on before
// it, then has to load; and in words that Node 12 can parse, so that a Node which is too old gets a sentence.
void start();

async function start() {
  // To import Node's fs takes a tenth of Node's own start, as that loads all that it could do.
  const { existsSync } = process.getBuiltinModule ? process.getBuiltinModule("fs") : await import("fs");
  const sources = new URL("./local.ts", import.meta.url);
  const fromSources = existsSync(sources);
  const [needMajor, needMinor] = fromSources ? [24, 0] : [22, 11];
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    const hint = fromSources ? ": npm run s2s -- uses the one that npm ci installs" : "";
    process.stderr.write(
      `error: s2s needs Node ${needMajor}.${needMinor} or newer, and this is Node ${process.versions.node}${hint}\n`,
    );
    process.exitCode = 1;
    return;
  }

  process.getBuiltinModule("module").enableCompileCache();
  if (!fromSources) {
    await import("../dist/command.js");
    return;
  }
  const { openBundle } = await import("./command-bundle.js");
  const bundle = openBundle();
  if (bundle === undefined) await import("./local.ts");
  else bundle.load("command.js");
}
