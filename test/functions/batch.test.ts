import { appendFileSync, copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Manifest } from "../../lib/run/records.ts";
import { FORECAST, s2s, seriesIn } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const expected = texts(fixture("run/expected"));
const forecastOf = (day: number) => `CFSv2.Prec.199705${day}.199707.nc`;
const sharedWith = (stations: string) =>
  [
    ["--observations", fixture("run/precip.mon.mean.nc")],
    ["--stations", stations],
    ["--products", fixture("run/products.json")],
  ].flat();
const shared = sharedWith(fixture("run/stations.xls"));
const NOW = ["--now", "1997-05-20T06:07:08"];

/** A folder with the golden forecast as issued on these days. Bytes behind its values make other files of it. */
function forecasts(...days: number[]): string {
  const folder = temporaryFolder();
  for (const day of days) {
    copyFileSync(fixture(`run/${FORECAST}`), join(folder, forecastOf(day)));
    appendFileSync(join(folder, forecastOf(day)), new Uint8Array(day));
  }
  return folder;
}

const runIn = (out: string, ...args: string[]) => s2s("run", ...shared, ...NOW, "--out", out, ...args);
const seriesOf = (out: string, day: number) => seriesIn(out, `prec/199705${day}.199707`);

describe("several forecasts", () => {
  test("of a folder have the series that each has alone, by one grid, and one summary", async () => {
    const [folder, out] = [forecasts(20, 21, 22), temporaryFolder()];
    // Neither is a forecast of the product.
    writeFileSync(join(folder, "CFSv2.T2m.19970520.199707.nc"), "another variable");
    writeFileSync(join(folder, `${forecastOf(20)}.md5`), "a checksum");
    const { code, stdout, stderr } = await runIn(out, "--forecast", folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining("runs      3: 3 complete\n")]);
    expect(stdout).toContain("60 of 60 series written\n");
    expect(stdout).toMatch(/warnings +3 rowsEmpty in 3 runs, e\.g\. 1 row with an empty cell left out: 8\n/);
    expect(stderr.match(/grid …/g)).toHaveLength(1);
    for (const day of [20, 21, 22]) expect(seriesOf(out, day)).toEqual(expected);
    expect(readdirSync(join(out, "grids/ready"))).toHaveLength(1);
    // The newest is the last.
    const latest = JSON.parse(readFileSync(join(out, "prec/latest.json"), "utf8")) as { forecast: { label: string } };
    expect(latest.forecast.label).toBe("19970522.199707");
  });

  test("may be named one by one or by a pattern, and each is done once", async () => {
    const [folder, out] = [forecasts(20, 21, 22), temporaryFolder()];
    const named = [join(folder, forecastOf(22)), join(folder, "CFSv2.Prec.1997052?.*")];
    const { code, stdout } = await runIn(out, "--forecast", ...named, "--json");
    const manifests = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Manifest);
    expect([code, manifests.map(({ inputs }) => inputs.forecast.key)]).toEqual([0, [22, 20, 21].map(forecastOf)]);
  });

  test("are done although one is damaged, which is told, and is done when it is mended and all are resumed", async () => {
    const [folder, out] = [forecasts(20, 21, 22), temporaryFolder()];
    truncateSync(join(folder, forecastOf(21)), 900);
    const failed = await runIn(out, "--forecast", folder);
    expect(failed).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("runs      3: 2 complete, 1 failed\n") as string,
    });
    expect(failed.stdout).toContain(`${forecastOf(21)}: failed: ${forecastOf(21)}: truncated`);
    expect(failed.stdout).toContain("run the same command with --resume to do what is missing");
    expect(seriesOf(out, 22)).toEqual(expected);
    const quiet = await runIn(temporaryFolder(), "--forecast", folder, "--quiet");
    expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([
      1,
      "",
      expect.stringMatching(/^error: .*truncated.*\n$/),
    ]);

    copyFileSync(fixture(`run/${FORECAST}`), join(folder, forecastOf(21)));
    const { code, stdout } = await runIn(out, "--forecast", folder, "--resume");
    expect([code, stdout]).toEqual([0, expect.stringContaining("runs      3: 2 complete before, 1 complete\n")]);
    expect(seriesOf(out, 21)).toEqual(expected);
  });

  test("end at once where an input of all is wrong", async () => {
    const folder = forecasts(20, 21);
    const table = join(temporaryFolder(), "stations.csv");
    writeFileSync(table, "id,lat\n1,2\n");
    const { code, stderr } = await s2s(
      "run",
      ...sharedWith(table),
      "--forecast",
      folder,
      "--out",
      temporaryFolder(),
      "--quiet",
    );
    expect([code, stderr.match(/stations\.csv/g)?.length]).toEqual([1, 1]);
  });

  test("that are strict end with code 3, and say of each why", async () => {
    const { code, stderr } = await runIn(temporaryFolder(), "--forecast", forecasts(20, 21), "--quiet", "--strict");
    const told = (day: number) =>
      `strict: ${forecastOf(day)}: 1 lies in a cell without observations; 1 has no forecast\n`;
    expect([code, stderr]).toEqual([3, told(20) + told(21)]);
  });
});

test.each([
  [
    "a folder without any",
    () => temporaryFolder(),
    /has no forecast of product "prec"\. Their names are as CFSv2\.Prec\*\.nc\. Name others/,
  ],
  ["a pattern that no file fits", () => join(temporaryFolder(), "*.nc"), /there is no file of that pattern/],
])("%s is refused", async (_, folder, problem) => {
  const { code, stderr } = await runIn(temporaryFolder(), "--forecast", folder(), "--quiet");
  expect([code, stderr]).toEqual([1, expect.stringMatching(problem)]);
});
