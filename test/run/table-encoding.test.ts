import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeRun } from "../../lib/run/manifest.ts";
import { claimed } from "../support/claimed-run.ts";
import { encode } from "../support/encode.ts";
import { temporaryFolder } from "../support/folder.ts";

const END = { errors: {}, seconds: {}, finishedAt: "1997-06-20 06:07:09" };

function latin1Table(): string {
  const path = join(temporaryFolder(), "stations.csv");
  writeFileSync(path, encode("windows-1252", "id,name,lat,lon\n11035,Österreich,20,100\n"));
  return path;
}

test("the encoding that was found stands in plan and manifest, and a guess is a warning", async () => {
  const { run, claim, plan } = await claimed({ stations: latin1Table() });
  const { stations, warnings } = await plan();
  expect(claim.stations).not.toHaveProperty("encoding");
  expect(stations.encoding).toBe("windows-1252");
  expect(warnings).toContainEqual({
    kind: "encodingGuessed",
    message: 'the text was taken for windows-1252, in which it has "Österreich"',
  });
  const { inputs } = await closeRun(run, END);
  expect(inputs.stations).toEqual({ ...claim.stations, encoding: "windows-1252" });
});

test("the encoding that was asked for is the run's, which is another run", async () => {
  const stations = latin1Table();
  const found = await claimed({ stations });
  const asked = await claimed({ stations, encoding: "gb18030" });
  expect(asked.claim.runId).not.toBe(found.claim.runId);
  expect(asked.claim.stations).toEqual({ ...found.claim.stations, encoding: "gb18030" });
  const plan = await asked.plan();
  expect(plan.stations.encoding).toBe("gb18030");
  expect(plan.warnings.filter(({ kind }) => kind === "encodingGuessed")).toEqual([]);
});

test("a workbook has no encoding, and is refused with one", async () => {
  const { plan, run, claim } = await claimed();
  expect((await plan()).stations).not.toHaveProperty("encoding");
  expect((await closeRun(run, END)).inputs.stations).toEqual(claim.stations);
  const asked = await claimed({ encoding: "gb18030" });
  await expect(asked.plan()).rejects.toMatchObject({
    tag: "BadOption",
    message:
      "stations/stations.xls: is a workbook, which is not read in gb18030. A workbook tells the encoding of its texts: name none",
  });
});
