import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { s2sProgram } from "../../functions/local/program.ts";
import { inputs, manifestIn, PROGRAM, run, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const NAMES = s2sProgram().commands.map((command) => command.name());

describe("what is wrong with a command line is told in one line, with exit code 2", () => {
  test.each([
    ["run", "missing: --observations <file>, --forecast <files...>, --stations <file>, --out <folder>"],
    ["run --out o", "missing: --observations <file>, --forecast <files...>, --stations <file>"],
    ["watch", "missing: <folder>, --observations <file>, --stations <file>, --out <folder>"],
    ["inspect", "missing: <files...>"],
    ["status", "missing: <folder>"],
    ["run --observation a.nc", "unknown option '--observation'. Did you mean --observations?"],
    [
      "run -f - -b a -s b -o c",
      "option '-f, --forecast <files...>' argument '-' is invalid. This is not read from stdin",
    ],
    ["run -f a -b b -s - --products - -o c", "only one file can be read from stdin, which - stands for"],
    ["status out --status done", "Allowed choices are complete, partial, failed, unfinished"],
  ])("s2s %s", async (words, problem) => {
    const { code, stdout, stderr } = await s2s(...words.split(" "));
    const [first, second, ...more] = stderr.split("\n");
    expect([code, stdout, more]).toEqual([2, "", [""]]);
    expect(first).toMatch(/^error: /);
    expect(first).toContain(problem);
    expect(second).toBe(`(s2s ${words.split(" ")[0]} --help tells what is right)`);
  });

  test.each([["statsu"], ["help", "statsu"], ["statsu", "--help"]])("s2s %s %s", async (...words) => {
    const { code, stdout, stderr } = await s2s(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      `error: unknown command 'statsu'. Did you mean status? The commands are ${NAMES.join(", ")}\n(s2s --help tells what is right)\n`,
    );
  });
});

describe("help", () => {
  test("of a command is the same, however it is asked for", async () => {
    const { code, stdout } = await s2s("help", "run");
    expect([code, stdout]).toEqual([0, (await s2s("run", "-h")).stdout]);
  });

  test.each(NAMES.filter((name) => name !== "help"))("of %s has examples and exit codes", async (name) => {
    const { stdout } = await s2s(name, "--help");
    expect(stdout).toMatch(/\n\nExamples:\n {2}.*s2s /);
    expect(stdout).toMatch(/\n\nExit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n/);
  });

  test("has no colours where it is not read, nor with NO_COLOR, and bold titles where they are asked for", () => {
    const helpWith = (env: NodeJS.ProcessEnv) =>
      execFileSync(process.execPath, [PROGRAM, "--help"], { env: { ...process.env, ...env }, encoding: "utf8" });
    const plain = helpWith({});
    expect(plain).not.toContain("\u001b");
    expect(helpWith({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(plain);
    expect(helpWith({ FORCE_COLOR: "1" })).toContain("\u001b[1mUsage:\u001b[22m s2s");
  });
});

/** The commands of the examples of all commands, in the order of the help. */
function examples(): string[] {
  return s2sProgram().commands.flatMap((command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    const [, part = ""] = /Examples:\n([^]*?)\n\nExit codes:/.exec(help) ?? [];
    return part.split(/\n(?! {4})/).map((text) => text.trim());
  });
}

test("the examples of all helps can be given one after another", () => {
  const cwd = temporaryFolder();
  const bin = join(cwd, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "s2s"), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"]}` };
  // Those two go on until they are stopped.
  const given = examples().filter((text) => !/# needs the network|^s2s (watch|serve) /.test(text));
  expect(given.length).toBeGreaterThan(12);
  for (const text of given) {
    const { status, stderr } = spawnSync("bash", ["-c", text], { cwd, env, encoding: "utf8" });
    expect([text, status, status === 0 ? "" : stderr]).toEqual([text, 0, ""]);
  }
});

describe("stdin, as -,", () => {
  const piped = (file: string, ...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, ...args], { input: readFileSync(fixture(`run/${file}`)), encoding: "utf8" });

  test("is a station table for a run, which has the same series, and calls it stdin", () => {
    const out = temporaryFolder();
    const args = inputs().map((word) => (word.endsWith("stations.xls") ? "-" : word));
    const { status, stderr } = piped("stations.xls", "run", ...args, "-o", out, "--now", "1997-05-20T06:07:08", "-q");
    expect([status, stderr]).toEqual([0, ""]);
    expect(seriesIn(out)).toEqual(texts(fixture("run/expected")));
    expect(manifestIn(out).inputs.stations.key).toBe("stdin");
  });

  test("is a table or products to check, and a file to inspect", () => {
    expect(piped("stations.xls", "check", "-s", "-").stdout).toMatch(/^stations +stdin: 20 stations/m);
    expect(piped("products.json", "check", "--products", "-").stdout).toMatch(/^product +prec, of /m);
    expect(piped("precip.mon.mean.nc", "inspect", "-").stdout).toMatch(/^netcdf stdin \{/);
  });
});

test("a day for --now is its midnight", async () => {
  const out = temporaryFolder();
  const { code } = await s2s("run", ...inputs(), "--out", out, "--now", "1997-05-20", "--quiet");
  expect([code, manifestIn(out).now]).toEqual([0, "1997-05-20 00:00:00"]);
});

describe("an output that cannot be written ends a command", () => {
  test("quietly where its reader has gone, as SIGPIPE ends others", () => {
    const command = `"$0" "$@" | true; echo "\${PIPESTATUS[0]}"`;
    const args = [process.execPath, PROGRAM, "inspect", fixture("run/precip.mon.mean.nc")];
    const { stdout, stderr } = spawnSync("bash", ["-c", command, ...args], { encoding: "utf8" });
    expect([stdout, stderr]).toEqual(["141\n", ""]);
  });

  test.runIf(existsSync("/dev/full"))("with one line where its disk is full", () => {
    const full = openSync("/dev/full", "w");
    const stdio: ["ignore", number, "pipe"] = ["ignore", full, "pipe"];
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, "--help"], { stdio, encoding: "utf8" });
    closeSync(full);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^error: the output cannot be written: ENOSPC.*\n$/)]);
  });
});

describe("status", () => {
  test("filters, and prints JSON of runs and of their stations", async () => {
    const out = temporaryFolder();
    await run(out);
    const { runId, counts, finishedAt } = manifestIn(out);
    const json = async (...args: string[]) =>
      JSON.parse((await s2s("status", out, ...args, "--json")).stdout) as unknown;
    const found = [
      expect.objectContaining({
        run: runId,
        status: "complete",
        written: counts.written,
        usable: counts.usable,
        ended: finishedAt,
        page: join(out, "runs", runId, "index.html"),
      }),
    ];
    for (const args of [[], ["prec-1997"], ["19970520"], ["-p", "prec", "--since", "1997-05-20", "-l", "1"]]) {
      expect(await json(...args)).toEqual(found);
    }
    for (const args of [
      ["-p", "snow"],
      ["--since", "2999-01-01"],
      ["--status", "failed"],
    ]) {
      expect(await json(...args)).toEqual([]);
    }
    const stations = (await json("--stations")) as Record<string, unknown>[];
    expect(stations).toHaveLength(20);
    expect(stations[0]).toMatchObject({ id: expect.any(String) as string, lat: expect.any(Number) as number });
    const { stdout } = await s2s("status", out, "--stations");
    expect(`\u{feff}${stdout}`).toBe(readFileSync(join(out, "runs", runId, "stations.csv"), "utf8"));
  });

  test("and open name the runs that there are where none is meant", async () => {
    const out = temporaryFolder();
    await run(out);
    const { runId } = manifestIn(out);
    for (const command of ["status", "open"]) {
      const { code, stderr } = await s2s(command, out, "snow");
      expect([code, stderr]).toEqual([1, expect.stringContaining(`begins with "snow". Valid choices: ${runId}\n`)]);
    }
    expect((await s2s("open", out, runId.slice(0, 9))).stdout).toBe(`${join(out, "runs", runId, "index.html")}\n`);
  });
});
