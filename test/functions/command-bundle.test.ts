import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { FORECAST, inputs, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** In seconds, to which every file system keeps times. */
const LAST_EDIT = 1_600_000_000;

const clone = mkdtempSync(join(tmpdir(), "s2s-clone-"));
const inClone = (path: string) => join(clone, path);
const BUNDLE = inClone("build/command/bundle");
const PROGRAM = "functions/local/program.ts";
const MODULE = "lib/errors.ts";
const PACKAGES = "node_modules/.package-lock.json";

/** Copies what the bundle is made of, and has npm prepare the copy as after an installation. */
beforeAll(() => {
  for (const name of ["functions", "lib", "infra", "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), inClone(name), { recursive: true });
  }
  const installed = join(ROOT, "node_modules");
  mkdirSync(inClone("node_modules"));
  for (const name of readdirSync(installed)) symlinkSync(join(installed, name), inClone(`node_modules/${name}`));
  rmSync(inClone(PACKAGES));
  writeFileSync(inClone(PACKAGES), "{}");
  for (const name of [PROGRAM, MODULE, PACKAGES]) utimesSync(inClone(name), LAST_EDIT, LAST_EDIT);
  const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const { status, stderr } = spawnSync("npm", ["run", "prepare"], {
    cwd: clone,
    env: { ...process.env, PATH },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm run prepare failed:\n${stderr}`);

  // From here on the two can be told apart, by what no edit does: other words of the same length, and of the same time.
  const text = readFileSync(inClone(PROGRAM), "utf8");
  writeFileSync(inClone(PROGRAM), text.replace('description("Joins ', 'description("JOINS '));
  utimesSync(inClone(PROGRAM), LAST_EDIT, LAST_EDIT);
});

afterAll(() => rmSync(clone, { recursive: true, force: true }));

function s2s(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const words = [inClone("functions/s2s.js"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  return { code: status, stdout, stderr };
}

const byBundle = { code: 0, stdout: expect.stringContaining("Joins gridded") as string, stderr: "" };
const bySources = { ...byBundle, stdout: expect.stringContaining("JOINS gridded") as string };

/** Has a file as it was, bytes and time, when the test has ended, so that the bundle is run again. */
function keep(path: string): void {
  const bytes = readFileSync(path);
  const { mtimeMs } = statSync(path);
  onTestFinished(() => {
    writeFileSync(path, bytes);
    utimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
    if (!s2s("--help").stdout.includes("Joins")) throw new Error("the bundle is not run again");
  });
}

test("npm's prepare makes a bundle, which is run", () => {
  expect(s2s("--help")).toEqual(byBundle);
});

test("the bundle writes the bytes of the sources", () => {
  const out = temporaryFolder();
  const run = s2s("run", ...inputs(), "--out", out, "--now", "1997-05-20T06:07:08", "--quiet");
  expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(seriesIn(out)).toEqual(texts(fixture("run/expected")));
});

test("the bundle tells wrong usage, wrong inputs and defects apart as the sources do", () => {
  expect(s2s("run")).toMatchObject({ code: 2 });
  expect(s2s("status", join(clone, "missing"))).toMatchObject({
    stderr: expect.not.stringContaining("    at ") as string,
  });
  const wrong = s2s("run", ...inputs({ observations: FORECAST }), "--out", temporaryFolder(), "--quiet");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/^error: [^\n]+\n$/)]);
});

describe("the sources are run, and nothing is said of it,", () => {
  test.each([PROGRAM, MODULE, PACKAGES])("after %s was edited", (name) => {
    keep(inClone(name));
    writeFileSync(inClone(name), `${readFileSync(inClone(name), "utf8")}\n`);
    utimesSync(inClone(name), LAST_EDIT, LAST_EDIT);
    expect(s2s("--help")).toEqual(bySources);
  });

  test.each([
    ["later", LAST_EDIT + 1],
    ["earlier", LAST_EDIT - 1],
  ])("after a file was replaced by one of the same length and a %s time", (_, time) => {
    keep(inClone(MODULE));
    utimesSync(inClone(MODULE), time, time);
    expect(s2s("--help")).toEqual(bySources);
  });

  test("where there is no list of packages", () => {
    keep(inClone(PACKAGES));
    rmSync(inClone(PACKAGES));
    expect(s2s("--help")).toEqual(bySources);
  });

  test("where there is no bundle", () => {
    keep(BUNDLE);
    rmSync(BUNDLE);
    expect(s2s("--help")).toEqual(bySources);
  });

  /** The time of a file that is damaged stays as it was, but where a program writes to it. */
  const DAMAGES: Record<string, (time: number) => void> = {
    "is empty": () => truncateSync(BUNDLE),
    "ends within its header": () => truncateSync(BUNDLE, 500),
    "ends too early": (time) => {
      truncateSync(BUNDLE, statSync(BUNDLE).size - 1);
      utimesSync(BUNDLE, time, time);
    },
    "is something else": (time) => {
      writeFileSync(BUNDLE, "something else");
      utimesSync(BUNDLE, time, time);
    },
    "has a header that cannot be read": (time) => {
      const bytes = readFileSync(BUNDLE);
      writeFileSync(BUNDLE, bytes.fill("x", 12, 20));
      utimesSync(BUNDLE, time, time);
    },
    "was written to": () => {
      const bytes = readFileSync(BUNDLE);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(BUNDLE, bytes);
    },
  };

  test.each(Object.keys(DAMAGES))("where the bundle %s", (damage) => {
    keep(BUNDLE);
    DAMAGES[damage]!(statSync(BUNDLE).mtimeMs / 1000);
    expect(s2s("--help")).toEqual(bySources);
  });
});

test("a bundle with another bit in its code is not run, and says what to do", () => {
  keep(BUNDLE);
  const { mtimeMs } = statSync(BUNDLE);
  const bytes = readFileSync(BUNDLE);
  bytes[bytes.indexOf("Joins gridded")]! ^= 1;
  writeFileSync(BUNDLE, bytes);
  utimesSync(BUNDLE, mtimeMs / 1000, mtimeMs / 1000);
  const { code, stdout, stderr } = s2s("--help");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`${BUNDLE} is damaged: remove it, and the sources are run`);
});
