import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ChunkPlan } from "../../lib/run/chunk-records.ts";
import type { Latest } from "../../lib/run/records.ts";
import {
  FORECAST,
  inputs,
  manifestIn,
  node,
  PROGRAM,
  run,
  SERIES,
  s2s,
  seriesFolder,
  seriesIn,
} from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const expected = texts(fixture("run/expected"));

const PRESENT = fileURLToPath(new URL("../support/present-process.ts", import.meta.url));

/** An option of Node: as soon as the process tells of its plan it gets what Ctrl-C sends, so that it cannot be done before. */
const INTERRUPTED = `--import=data:text/javascript,${encodeURIComponent(`
  const { write } = process.stderr;
  process.stderr.write = (text, ...rest) => {
    if (String(text).includes("plan")) process.kill(process.pid, "SIGINT");
    return write.call(process.stderr, text, ...rest);
  };
`)}`;

describe("a run", () => {
  test("of a classic archive writes the same bytes", async () => {
    const out = temporaryFolder();
    const args = ["--out", out, "--now", "1997-05-20T06:07:08", "--quiet"];
    expect(await s2s("run", ...inputs({ observations: "precip.classic.nc" }), ...args)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(seriesIn(out)).toEqual(expected);
  });

  test("that is strict ends with code 3 and says why, though it is complete; else with 0", async () => {
    const out = temporaryFolder();
    const told = "strict: 1 lies in a cell without observations; 1 has no forecast\n";
    expect(await run(out, "--strict", "--quiet")).toEqual({ code: 3, stdout: "", stderr: told });
    expect(manifestIn(out).status).toBe("complete");
    const { code, stdout, stderr } = await run(out, "--strict", "--json");
    expect([code, stderr, (JSON.parse(stdout) as { status: string }).status]).toEqual([3, told, "complete"]);
    const rows = ["id,lat,lon", "50001,39.8,116.5", "50002,30,1e3"];
    for (const [table, end] of [
      [rows, { code: 3, stderr: "strict: 1 row of the table was not used\n" }],
      [rows.slice(0, 2), { code: 0, stderr: "" }],
      [[...rows.slice(0, 2), "50003,,120"], { code: 0, stderr: "" }],
    ] as const) {
      const stations = join(temporaryFolder(), "stations.csv");
      writeFileSync(stations, table.join("\n"));
      const now = ["--now", "1997-05-20T06:07:08", "--quiet"];
      const args = ["run", ...inputs({ stations }), "--out", temporaryFolder(), ...now, "--strict"];
      expect(await s2s(...args)).toMatchObject(end);
    }
  });

  test("given again uses the stored grid, and says so", async () => {
    const out = temporaryFolder();
    await run(out);
    const again = await run(out, "--json");
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ status: "complete", grid: { stored: true } });
    expect((await run(out)).stdout).toContain("stored grid used");
    expect(seriesIn(out)).toEqual(expected);
  });

  test("whose page cannot be written is complete, and warned of; a resume writes the page", async () => {
    const out = temporaryFolder();
    await run(out);
    const { runId } = manifestIn(out);
    const page = join(out, "runs", runId, "index.html");
    rmSync(page);
    mkdirSync(join(page, "in the way"), { recursive: true });
    const { code, stdout } = await run(out);
    expect(code).toBe(0);
    expect(stdout).toContain("1 pageMissing, e.g. the page was not written: ");
    expect(stdout).not.toMatch(/^page /m);
    const { status, warnings } = manifestIn(out);
    expect(status).toBe("complete");
    expect(warnings.at(-1)?.kind).toBe("pageMissing");
    expect(seriesIn(out)).toEqual(expected);
    rmSync(page, { recursive: true });
    expect((await s2s("run", ...inputs(), "--out", out, "--resume")).code).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("<!doctype html>");
    expect(manifestIn(out).warnings.map(({ kind }) => kind)).not.toContain("pageMissing");
  });

  test("that was stopped is left alone until it is resumed: then only what has no receipt is done", async () => {
    const out = temporaryFolder();
    await run(out);
    const { runId } = manifestIn(out);
    // As a kill leaves it: the claim, no manifest, no receipt, half of the series.
    rmSync(join(out, "runs", runId, "manifest.json"));
    rmSync(join(out, "runs", runId, "receipts", "0001.json"));
    rmSync(join(seriesFolder(out), "50001.prec.csv"));
    const refused = await run(out);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/this run was begun by .* and is unfinished. Add --resume .* or --force/);
    const resumed = await s2s("run", ...inputs(), "--out", out, "--resume");
    expect(resumed.code).toBe(0);
    expect(seriesIn(out)).toEqual(expected);
    expect((await s2s("run", ...inputs(), "--out", out, "--resume")).stdout).toContain(
      "1 of 1 chunks were done before",
    );
  });

  test("that is resumed does the chunks without a receipt, and no others", async () => {
    const out = temporaryFolder();
    const args = ["run", ...inputs({ stations: threeChunks(out) }), "--out", out];
    await s2s(...args);
    const { runId, counts } = manifestIn(out);
    expect(counts).toMatchObject({ chunks: 3, written: 120 });
    const whole = seriesIn(out);
    // What remains of a run that was killed, less the series themselves: those that come back were done again.
    rmSync(join(out, SERIES), { recursive: true });
    rmSync(join(out, "runs", runId, "manifest.json"));
    rmSync(join(out, "runs", runId, "receipts", "0002.json"));
    const resumed = await s2s(...args, "--resume");
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain("2 of 3 chunks were done before");
    const chunk = JSON.parse(readFileSync(join(out, "runs", runId, "chunks", "0002.json"), "utf8")) as ChunkPlan;
    const names = chunk.stations.map(({ id }) => `${id}.prec.csv`).sort();
    expect(seriesIn(out)).toEqual(Object.fromEntries(names.map((name) => [name, whole[name]])));
  });

  test("of another file of the same name leaves the series of the first alone, and is the latest", async () => {
    const out = temporaryFolder();
    await run(out);
    const first = seriesFolder(out);
    const { runId } = manifestIn(out);
    // The same name, other bytes: the forecast of another day that was saved under this name.
    const other = join(temporaryFolder(), FORECAST);
    const bytes = readFileSync(fixture(`run/${FORECAST}`));
    bytes.writeFloatBE(77, bytes.length - 4);
    writeFileSync(other, bytes);
    const args = [...inputs({ forecast: other }), "--out", out, "--now", "2001-01-01T00:00:00"];
    expect((await s2s("run", ...args)).code).toBe(0);
    expect(texts(first)).toEqual(expected);
    const latest = JSON.parse(readFileSync(join(out, "prec/latest.json"), "utf8")) as Latest;
    expect(latest.runId).not.toBe(runId);
    const folder = join(out, dirname(latest.series));
    expect(folder).not.toBe(first);
    expect(Object.keys(texts(folder))).toEqual(Object.keys(expected));
    expect((await run(out, "--resume")).code).toBe(0);
    expect(texts(first)).toEqual(expected);
  });

  test("that is quiet still says why it failed", async () => {
    const out = temporaryFolder();
    await run(out);
    rmSync(join(out, SERIES), { recursive: true });
    writeFileSync(join(out, SERIES), "a file where the series' folder is to be");
    const { code, stdout, stderr } = await run(out, "--quiet");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: failed, 0 of 20 stations written: .*19970520\.199707.*See .*manifest\.json\n$/);
  });

  test("heals what was damaged of its own records", async () => {
    const out = temporaryFolder();
    await run(out);
    const { runId, grid } = manifestIn(out);
    writeFileSync(join(out, "grids", "ready", `${grid?.id}.json`), "{}");
    writeFileSync(join(out, "runs", runId, "claim.json"), "");
    writeFileSync(join(out, "prec", "latest.json"), "null");
    const refused = await run(out);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/claim\.json: is not the JSON .* force the run/),
    ]);
    expect((await run(out, "--force")).code).toBe(0);
    expect(seriesIn(out)).toEqual(expected);
    expect(manifestIn(out).grid?.stored).toBe(false);
    expect(readFileSync(join(out, "prec/latest.json"), "utf8")).toContain(runId);
  });

  test("that another process is still doing is waited for by a resume, and left alone otherwise", async () => {
    const out = temporaryFolder();
    await run(out);
    const { runId } = manifestIn(out);
    rmSync(join(out, "runs", runId, "manifest.json"));
    const other = spawn(process.execPath, [PRESENT, out], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void other.kill());
    const [owner] = (await once(createInterface(other.stdout), "line")) as [string];
    const claim = join(out, "runs", runId, "claim.json");
    writeFileSync(claim, readFileSync(claim, "utf8").replace(/"owner": "[^"]*"/, `"owner": "${owner}"`));
    expect((await run(out)).stderr).toMatch(/this run is being done by .* Wait until it ends.* 45 s .*--resume/);
    const resume = ["run", ...inputs(), "--out", out, "--resume"];
    const { code, stderr } = await node([PROGRAM, ...resume], (told) => {
      if (told.includes("waiting for ")) other.kill();
    });
    expect(stderr).toContain("waiting for ");
    expect(code).toBe(0);
    expect(seriesIn(out)).toEqual(expected);
  });

  test("that is interrupted says how to go on", async () => {
    const out = join(temporaryFolder(), "it's here");
    const given = ["--out", out, "--now", "1997-05-20T06:07:08", "--force"];
    const { code, stderr } = await node([INTERRUPTED, PROGRAM, "run", ...inputs(), ...given]);
    expect(code).toBe(130);
    // As it is printed, in a shell.
    const [, command = ""] = /^stopped\. .*\n {2}(.*)$/m.exec(stderr) ?? [];
    expect(spawnSync("bash", ["-c", command], { encoding: "utf8" })).toMatchObject({ status: 0 });
    expect(seriesIn(out)).toEqual(expected);
  });

  test("that is forced does every chunk again", async () => {
    const out = temporaryFolder();
    await run(out);
    rmSync(join(out, SERIES), { recursive: true });
    rmSync(join(out, "runs", manifestIn(out).runId, "manifest.json"));
    expect((await run(out, "--force")).code).toBe(0);
    expect(seriesIn(out)).toEqual(expected);
  });

  test("whose grid lost a tile is partial: it names the stations and the cure, and a resume after it does the rest", async () => {
    const out = temporaryFolder();
    const args = ["run", ...inputs({ stations: threeChunks(out) }), "--out", out];
    const first = await s2s(...args);
    expect(first.stdout).toMatch(/^now +1997-05-20 00:00:00, the day of issue in the forecast's name/m);
    const whole = seriesIn(out);
    const { runId, grid } = manifestIn(out);
    const { stations } = JSON.parse(readFileSync(join(out, "runs", runId, "chunks", "0002.json"), "utf8")) as ChunkPlan;
    // On this grid of 20 degrees a tile is a row of cells; that of a station amid the chunk serves no other chunk.
    const tile = join(out, "grids", grid?.id ?? "", "anomaly", `${stations[25]!.cell[0]}.0.0`);
    const bytes = readFileSync(tile);
    rmSync(tile);
    rmSync(join(out, SERIES), { recursive: true });
    // As long as the histories are kept, nobody needs it.
    expect((await s2s(...args, "--force", "--quiet")).code).toBe(0);
    expect(seriesIn(out)).toEqual(whole);
    rmSync(join(out, SERIES), { recursive: true });
    rmSync(join(out, "grids", grid?.id ?? "", "history"), { recursive: true });
    const partial = await s2s(...args, "--force");
    expect(partial.code).toBe(3);
    expect(partial.stdout).toMatch(/chunk 0002, 50 stations not written: .*this tile of the anomaly grid is gone/);
    expect(partial.stdout).toContain("--resume");
    expect(manifestIn(out)).toMatchObject({
      status: "partial",
      counts: { planned: 120, written: 70 },
      missing: [{ chunkId: "0002", stations: stations.map(({ id }) => id) }],
    });
    expect((await s2s(...args)).stderr).toMatch(/is partial. Add --resume/);
    writeFileSync(tile, bytes);
    expect((await s2s(...args, "--resume", "--quiet")).code).toBe(0);
    expect(seriesIn(out)).toEqual(whole);
  });
});

/** A table of 120 stations in `folder`: three chunks. */
function threeChunks(folder: string): string {
  const rows = Array.from({ length: 120 }, (_, i) => `${100 + i},${i % 80},${(i * 7) % 300}`);
  const path = join(folder, "stations.csv");
  writeFileSync(path, ["id,lat,lon", ...rows, ""].join("\n"));
  return path;
}

describe("a wrong input ends with one clear message and no series", () => {
  const folder = () => temporaryFolder();
  const broken = (name: string, bytes: (whole: Buffer) => Uint8Array) => {
    const path = join(folder(), name);
    writeFileSync(path, bytes(readFileSync(fixture(`run/${name}`))));
    return path;
  };
  const cases: [string, () => Parameters<typeof inputs>[0], string[], number, RegExp][] = [
    ["not NetCDF", () => ({ observations: fixture("run/stations.xls") }), [], 1, /stations\.xls: .*NetCDF/],
    ["empty file", () => ({ forecast: broken(FORECAST, () => Buffer.alloc(0)) }), [], 1, /199707\.nc: .*empty|bytes/],
    [
      "truncated NetCDF-4",
      () => ({ observations: broken("precip.mon.mean.nc", (b) => b.subarray(0, 9000)) }),
      [],
      1,
      /precip\.mon\.mean\.nc: /,
    ],
    [
      "truncated classic",
      () => ({ observations: broken("precip.classic.nc", (b) => b.subarray(0, 30_000)) }),
      [],
      1,
      /precip\.classic\.nc: .*truncated/,
    ],
    ["no such file", () => ({ stations: "/no/such/stations.xls" }), [], 1, /\/no\/such\/stations\.xls: cannot be read/],
    ["a folder", () => ({ observations: folder() }), [], 1, /is a folder, and no store of Zarr\. Name a file in it/],
    [
      "forecast without the variable",
      () => ({ forecast: "precip.classic.nc" }),
      [],
      1,
      /no variable "anom".*Valid choices: .*precip/,
    ],
    [
      "observations without the variable",
      () => ({ observations: FORECAST }),
      [],
      1,
      /no variable "precip".*Valid choices: .*anom/,
    ],
    [
      "table without coordinates",
      () => {
        const path = join(folder(), "stations.csv");
        writeFileSync(path, "id,name\n1,a\n");
        return { stations: path };
      },
      [],
      1,
      /stations\.csv: .*latitude/i,
    ],
    ["unknown product", () => ({}), ["--product", "snow"], 2, /no product "snow".*Valid choices: prec/],
    ["wrong time", () => ({}), ["--now", "2020-02-30T00:00:00"], 2, /Give a UTC time such as/],
    [
      "no encoding",
      () => ({}),
      ["--encoding", "morse"],
      2,
      /Valid choices: utf-8, utf-16le, utf-16be, gb18030, windows/,
    ],
    ["an encoding of a workbook", () => ({}), ["--encoding", "gbk"], 2, /is a workbook, which is not read in gb18030/],
    ["no memory", () => ({}), ["--grid-memory", "0"], 2, /Give a whole number from 1 on/],
    ["a grid of no extent", () => ({}), ["--grid", "china"], 2, /Allowed choices are stations, global/],
    ["both modes", () => ({}), ["--resume", "--force"], 2, /cannot be used with/],
    ["unknown option", () => ({}), ["--colour"], 2, /unknown option '--colour'/],
  ];
  test.each(cases)("%s", async (_, make, args, code, message) => {
    const out = folder();
    const outcome = await s2s("run", ...inputs(make()), "--out", out, ...args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toMatch(/\n {4}at /);
    expect(outcome.code).toBe(code);
    expect(existsSync(join(out, "prec"))).toBe(false);
  });

  test("what is not as the product's reader needs it: nothing is written, and manifest and page tell of the plan", async () => {
    const products = join(folder(), "products.json");
    const json = readFileSync(fixture("run/products.json"), "utf8");
    writeFileSync(products, json.replace('"suffix": "prec"', '"suffix": "prec", "expect": { "leads": 2 }'));
    const out = folder();
    const outcome = await s2s("run", ...inputs().slice(0, -1), products, "--out", out);
    const why =
      'the series of product "prec" are not what their reader needs: series.expect.leads is 2, but the forecast has 1 row: 1997-07-01.';
    expect(outcome.stderr).toContain(`error: ${why}`);
    expect(outcome.code).toBe(1);
    expect(existsSync(join(out, "prec"))).toBe(false);
    const { runId, ...manifest } = manifestIn(out);
    expect(manifest).toMatchObject({
      status: "failed",
      error: expect.stringContaining(why) as string,
      forecast: { targets: ["1997-07-01 00:00:00"] },
      counts: { planned: 20, written: 0, emptyRows: 1 },
    });
    expect(readFileSync(join(out, "runs", runId, "stations.csv"), "utf8").split("\n")).toHaveLength(22);
    expect(readFileSync(join(out, "runs", runId, "index.html"), "utf8")).toContain('"status":"failed"');
  });

  test("a baseline outside the data", async () => {
    const products = join(folder(), "products.json");
    writeFileSync(products, readFileSync(fixture("run/products.json"), "utf8").replace("[1991, 1995]", "[2001, 2010]"));
    const outcome = await s2s("run", ...inputs().slice(0, -1), products, "--out", folder());
    expect(outcome.stderr).toMatch(/no month of the baseline 2001-2010. The months used are 1990-03 to 1997-05/);
    expect(outcome.code).toBe(1);
  });

  test("an output folder that cannot be made", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const outcome = await run(join(file, "out"));
    expect(outcome.stderr).toMatch(/cannot be made/);
    expect(outcome.code).toBe(1);
  });
});

test("the only product of a products.json is the default; of several one must be named, or called prec", async () => {
  const [out, folder] = [temporaryFolder(), temporaryFolder()];
  const text = readFileSync(fixture("run/products.json"), "utf8");
  const { products } = JSON.parse(text) as { products: { name: string }[] };
  const withProducts = (...names: string[]) => {
    const path = join(folder, "products.json");
    writeFileSync(path, JSON.stringify({ products: names.map((name) => ({ ...products[0], name })) }));
    return s2s("run", ...inputs().slice(0, -1), path, "--out", out, "--now", "1997-05-20T06:07:08");
  };
  expect((await withProducts("rain")).code).toBe(0);
  expect(seriesIn(out, "rain/19970520.199707")).toEqual(expected);
  const several = await withProducts("rain", "snow");
  expect(several.code).toBe(2);
  expect(several.stderr).toContain("none is called prec. Valid choices: rain, snow. Name the one");
});

test("a sample is made and runs to its end", async () => {
  const folder = temporaryFolder();
  const made = await s2s("sample", "--out", folder, "--resolution", "10", "--months", "40", "--stations", "5");
  expect(made.code).toBe(0);
  const [observations, forecast, stations] = [...made.stdout.matchAll(/^\w+\s+(.*)$/gm)].map((m) => m[1]!) as [
    string,
    string,
    string,
  ];
  cpSync(fixture("run/products.json"), join(folder, "products.json"));
  const products = join(folder, "products.json");
  const json = readFileSync(products, "utf8").replace("1990-03", "2017-03").replace("[1991, 1995]", "[2018, 2019]");
  writeFileSync(products, json);
  const args = ["--observations", observations, "--forecast", forecast, "--stations", stations, "--products", products];
  expect((await s2s("run", ...args, "--out", join(folder, "out"))).code).toBe(0);
  expect(readdirSync(join(folder, "out/prec/20200625.202008"), { recursive: true })).toHaveLength(1 + 5);
});

test("inspect shows header, coordinates and fit", async () => {
  const { code, stdout } = await s2s(
    "inspect",
    fixture("run/precip.mon.mean.nc"),
    "--products",
    fixture("run/products.json"),
  );
  expect(code).toBe(0);
  expect(stdout).toContain("float precip(time, lat, lon)");
  expect(stdout).toContain(
    "precip: archive, mm/day; latitude is lat, longitude is lon, time is time (100 times, 1989-02-01 00:00:00 to 1997-05-01",
  );
  expect(stdout).toContain("product prec, as observations: yes, 87 months");
  expect(stdout).toMatch(/product prec, as forecast: no: .*there is no variable "anom"/);
  const c3s = await s2s("inspect", fixture("layouts/c3s-members.nc"));
  expect(c3s.stdout).toContain(
    "t2a: forecast, K; latitude is latitude, longitude is longitude, time is forecastMonth (6 times, 2026-10-01 00:00:00 to 2027-03-01 00:00:00 UTC, of the first of 2 along forecast_reference_time)",
  );
});
