#!/usr/bin/env node
// Starts the command: from its sources where they are, as in the repository, and else from the package's bundle.
// In JavaScript, since stripping the types of a first file takes longer than all that the cache, which is not on before
// it, then has to load; and in words that Node 12 can parse, so that a Node which is too old gets a sentence.
import { existsSync } from "fs";

const sources = new URL("./local.ts", import.meta.url);
const bundle = new URL("../dist/command.js", import.meta.url);
const fromSources = existsSync(sources);
const [needMajor, needMinor] = fromSources ? [24, 0] : [22, 11];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > needMajor || (major === needMajor && minor >= needMinor)) {
  void start();
} else {
  const hint = fromSources ? ": npm run s2s -- uses the one that npm ci installs" : "";
  process.stderr.write(
    `error: s2s needs Node ${needMajor}.${needMinor} or newer, and this is Node ${process.versions.node}${hint}\n`,
  );
  process.exitCode = 1;
}

async function start() {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  if (fromSources) {
    const { openBundle } = await import("./command-bundle.js");
    const made = openBundle();
    if (made !== undefined) return made.load("command.js");
  }
  return import((fromSources ? sources : bundle).href);
}
