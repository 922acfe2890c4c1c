import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { isDesktop } from "../../functions/local/open-page.ts";
import { progressOn, silent } from "../../functions/local/progress.ts";
import { type LocalRun, runLocally } from "../../functions/local/run.ts";
import { findRuns, newestPage } from "../../functions/local/runs.ts";
import { statusRows, statusTable } from "../../functions/local/status.ts";
import { summaryOf } from "../../functions/local/summary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";

const FORECAST = "CFSv2.Prec.19970520.199707.nc";

async function run(out: string, options: Partial<LocalRun> = {}) {
  const file = (name: string) => fixture(`run/${name}`);
  const request: LocalRun = {
    observations: file("precip.mon.mean.nc"),
    forecast: file(FORECAST),
    stations: file("stations.xls"),
    products: file("products.json"),
    product: "prec",
    out,
    gridMemory: 64,
    mode: "new",
    now: "1997-05-20 06:07:08",
    ...options,
  };
  return await runLocally(request, silent);
}

describe("the runs of a folder", () => {
  test("are a table, the unfinished ones too, and the newest page is found", async () => {
    const out = temporaryFolder();
    const { manifest } = await run(out);
    await expect(run(out, { observations: fixture("run/stations.xls") })).rejects.toThrow("NetCDF");
    const failed = (await findRuns(out)).find(({ manifest: m }) => m?.status === "failed");
    rmSync(join(out, "runs", failed!.claim.runId, "manifest.json"));
    const [head, ...lines] = statusTable(statusRows(await findRuns(out), out))
      .trimEnd()
      .split("\n");
    expect(head!.split(/ {2,}/)).toEqual([
      "product",
      "forecast",
      "status",
      "written",
      "usable",
      "warnings",
      "seconds",
      "ended (UTC)",
      "run",
    ]);
    const { counts, finishedAt, runId, seconds } = manifest;
    expect(lines.map((line) => line.split(/ {2,}/))).toContainEqual([
      "prec",
      "19970520.199707",
      "complete",
      `${counts.written}/${counts.planned}`,
      "18/20",
      String(counts.warnings),
      seconds["total"]!.toFixed(1),
      finishedAt,
      runId,
    ]);
    expect(lines.find((line) => line.includes("unfinished"))).toContain(failed!.claim.runId);
    expect(await newestPage(out)).toBe(join(out, "runs", runId, "index.html"));
  });

  test("are missed in a folder without any", async () => {
    const out = temporaryFolder();
    for (const ask of [findRuns, newestPage]) {
      await expect(ask(out)).rejects.toMatchObject({
        tag: "FileNotFound",
        message: `${out}: has no runs. Name the folder or the bucket that a run was given as --out`,
      });
    }
  });
});

test("a run that fails has a page, which says why", async () => {
  const out = temporaryFolder();
  await expect(run(out, { observations: fixture("run/stations.xls") })).rejects.toThrow("NetCDF");
  expect(readFileSync(await newestPage(out), "utf8")).toContain('"status":"failed"');
});

test("the summary of a run ends with its page", async () => {
  const out = temporaryFolder();
  const result = await run(out);
  const last = summaryOf(result, out).trimEnd().split("\n").at(-1)!;
  const [name, path] = last.split(/ {2,}/);
  expect(name).toBe("page");
  expect(existsSync(path!)).toBe(true);
  expect(existsSync(path!.replace("index.html", "stations.csv"))).toBe(true);
});

test("a manifest of an older version says nothing of usable stations", async () => {
  const { manifest } = await run(temporaryFolder());
  const { usable: _, ...counts } = manifest.counts;
  const { runId, product, now, nowFrom, inputs } = manifest;
  const issue = { label: "f", issued: null };
  const claim = { runId, product, now, nowFrom, issue, ...inputs, owner: "me", begunBy: "me" };
  const older = { ...manifest, counts: counts as typeof manifest.counts };
  expect(statusTable(statusRows([{ claim, manifest: older }], "out"))).toMatch(/ complete +20\/20 +13 /);
});

test("the summary of a run begins with what can be used, and why the rest cannot", async () => {
  const out = temporaryFolder();
  const lines = summaryOf(await run(out), out).split("\n");
  const at = lines.findIndex((line) => line.startsWith("usable"));
  expect(lines.slice(at, at + 4)).toEqual([
    "usable    18 of 20 stations have observations and a forecast",
    "          1 lies in a cell without observations",
    "          1 has no forecast",
    "stations  20 of 20 written",
  ]);
});

test("on a terminal every stage has a bar, which fills", async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 20 });
  let text = "";
  stream.on("data", (data: Buffer) => (text += data.toString()));
  const progress = await progressOn(stream as unknown as NodeJS.WriteStream);
  progress.stage("grid");
  progress.part(0.5);
  progress.stage("series");
  progress.part(0.25);
  progress.stop();
  await new Promise(setImmediate);
  for (const words of [/grid\s+[█░]+ 0%/, /grid\s+█+ 100%/, /series\s+█+░+ 25%/]) expect(text).toMatch(words);
});

test("a bar fits on a narrow terminal, whatever its stage is called", async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 50, rows: 20 });
  let text = "";
  stream.on("data", (data: Buffer) => (text += data.toString()));
  const progress = await progressOn(stream as unknown as NodeJS.WriteStream);
  for (const name of ["grid", "waiting for process 4711 of some-host.example.org"]) {
    progress.stage(name);
    progress.part(1);
  }
  progress.stop();
  await new Promise(setImmediate);
  const lines = text.match(/(?:grid|waiting)[^\n\p{Cc}]*/gu)!;
  expect(lines).toContainEqual(expect.stringMatching(/^waiting for process…\s+█+ 100% 0s$/));
  for (const line of lines) expect(line.length).toBeLessThan(50);
});

test.each([
  [{ DISPLAY: ":0" }, "linux", true, true],
  [{ WAYLAND_DISPLAY: "wayland-0" }, "linux", true, true],
  [{}, "linux", true, false],
  [{ DISPLAY: ":0" }, "linux", false, false],
  [{ DISPLAY: ":0", SSH_CONNECTION: "1" }, "linux", true, false],
  [{ CI: "true" }, "darwin", true, false],
  [{}, "darwin", true, true],
  [{}, "win32", true, true],
  [{}, "freebsd", true, false],
] as const)("with %j on %s, terminal %j: a desktop is %j", (environment, platform, terminal, expected) => {
  expect(isDesktop(environment, platform, terminal)).toBe(expected);
});
