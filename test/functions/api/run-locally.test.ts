import { describe, expect, test } from "vitest";
import { isInputError, type LocalRun, runLocally } from "../../../functions/api/index.ts";
import { seriesIn } from "../../support/command.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { fixture, texts } from "../../support/golden.ts";

function runOf(out: string): LocalRun {
  return {
    observations: fixture("run/precip.mon.mean.nc"),
    forecast: fixture("run/CFSv2.Prec.19970520.199707.nc"),
    stations: fixture("run/stations.xls"),
    products: fixture("run/products.json"),
    out,
    now: new Date("1997-05-20T06:07:08.900Z"),
  };
}

test("a run writes the bytes of the seed job, and tells how far it is", async () => {
  const out = temporaryFolder();
  const seen: [stage: string, part: number][] = [];
  const { manifest, chunksKept } = await runLocally({ ...runOf(out), onProgress: (...at) => seen.push(at) });
  expect(manifest).toMatchObject({ status: "complete", now: "1997-05-20 06:07:08", counts: { written: 20 } });
  expect(chunksKept).toBe(0);
  expect(seriesIn(out)).toEqual(texts(fixture("run/expected")));
  const stages = [...new Set(seen.map(([stage]) => stage))];
  for (const stage of ["plan", "grid", "series"]) expect(stages).toContain(stage);
  expect(seen).toContainEqual(["series", 1]);
  expect(seen.every(([, part]) => part >= 0 && part <= 1)).toBe(true);
});

test("runs at once in one process leave each other alone", async () => {
  const outs = [temporaryFolder(), temporaryFolder()];
  await Promise.all(outs.map((out) => runLocally(runOf(out))));
  for (const out of outs) expect(seriesIn(out)).toEqual(texts(fixture("run/expected")));
});

describe("is refused", () => {
  test.each([
    [{ gridMemory: 1.5 }, "BadOption", "gridMemory 1.5 is not a whole number from 1 on"],
    [{ now: new Date("today") }, "BadOption", "now is an invalid date"],
    [{ product: "rain" }, "BadProduct", 'there is no product "rain"'],
    [{ stations: "none.xls" }, "FileNotFound", "none.xls: cannot be read"],
  ] as const)("%j, as %s", async (wrong, tag, message) => {
    const error = await runLocally({ ...runOf(temporaryFolder()), ...wrong }).catch((caught: unknown) => caught);
    expect(isInputError(error, tag)).toBe(true);
    expect(String(error)).toContain(message);
  });
});
