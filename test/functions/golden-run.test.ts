import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { WarningKind } from "../../lib/warning.ts";
import { manifestIn, run, SERIES } from "../support/command.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture, texts } from "../support/golden.ts";

const expected = texts(fixture("run/expected"));

test("a run of the command line writes the bytes of the seed job, and tells what its zeros hide", async () => {
  const out = temporaryFolder();
  const { code, stdout } = await run(out);
  expect(code).toBe(0);
  expect(texts(join(out, SERIES))).toEqual(expected);
  const manifest = manifestIn(out);
  expect(manifest).toMatchObject({
    status: "complete",
    now: "1997-05-20 06:07:08",
    series: `${SERIES}/{station}.prec.csv`,
    grid: { stored: false, months: 87, firstMonth: "1990-03", lastMonth: "1997-05" },
    counts: { planned: 20, written: 20, usable: 18, tooFar: 0, rejectedRows: 0, emptyRows: 1 },
    missing: [],
  });
  const stationsOf = (kind: WarningKind) =>
    manifest.warnings.flatMap((warning) => (warning.kind === kind ? [warning.station] : []));
  expect(stationsOf("rowsEmpty")).toEqual([undefined]);
  expect(stationsOf("cellMissing")).toEqual(["50004"]);
  expect(stationsOf("forecastMissing")).toEqual(["50005"]);
  const band = ["50001", "50002", "50003", "50005", "50007", "50010", "50011", "50012", "50017", "50020"];
  expect(stationsOf("monthsMissing")).toEqual(band);
  expect(manifest.counts.warnings).toBe(13);
  expect(manifest.warnings.find(({ kind }) => kind === "cellMissing")).toMatchObject({ cell: { lat: 0, lon: 90 } });
  for (const word of ["complete", "20 of 20 written", "computed and stored", "cellMissing", "manifest.json"]) {
    expect(stdout).toContain(word);
  }
  expect(existsSync(join(out, ".growing"))).toBe(false);
});
