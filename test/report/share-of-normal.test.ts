import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { keys } from "../../lib/keys.ts";
import type { PageData } from "../../lib/report/page-data.ts";
import { golden } from "../support/golden.ts";
import { METHODS, type MethodName, type MethodsGolden, methodRun } from "../support/methods.ts";

const expected = golden<MethodsGolden>("methods/expected.json");
const LEADS = ["2003-02", "2003-03"];

type Run = Awaited<ReturnType<typeof methodRun>>;

async function rowsOf(run: Run): Promise<Record<string, string>[]> {
  return parse(await run.table(), { bom: true, columns: true }) as Record<string, string>[];
}

async function pageDataOf(run: Run): Promise<PageData> {
  const [, json] = /<script[^>]*id="data">([\s\S]*?)<\/script>/.exec(await run.page())!;
  return JSON.parse(json!) as PageData;
}

describe("the forecast in percent from normal", () => {
  test.each(Object.keys(METHODS) as MethodName[])("is that of xarray's means, by the method %s", async (name) => {
    const run = await methodRun({ method: METHODS[name] });
    const rows = await rowsOf(run);
    const theirs = rows.map(({ id = "" }) => {
      const { values } = expected.forecast.stations.find((station) => station.id === id)![name];
      return LEADS.map((_, lead) => percent(values[lead]!, expected.normals[id]![name][lead]!));
    });
    expect(rows.map((row) => LEADS.map((month) => row[`percent_${month}`]))).toEqual(theirs);
    expect(theirs.flat().filter((text) => text !== "").length).toBeGreaterThan(15);
    const { percent: shown } = (await pageDataOf(run)).stations;
    expect(shown).toEqual(LEADS.map((_, lead) => theirs.map((of) => (of[lead] === "" ? null : Number(of[lead])))));
  });

  test("is empty of a dry month, and of a cell without observations", async () => {
    const run = await methodRun({ only: ["inside", "sea"] });
    const [inside, sea] = await rowsOf(run);
    expect(inside).toMatchObject({ "percent_2003-02": "", "percent_2003-03": expect.stringMatching(/^-?\d/) });
    expect(inside!["forecast_2003-02"]).not.toBe("");
    expect(sea).toMatchObject({ "percent_2003-02": "", "percent_2003-03": "" });
  });

  test("is the same where the forecast is rebased, of what was written", async () => {
    const run = await methodRun({ only: ["seam"], forecast: { rebase: true, baseline: [2001, 2001] } });
    const [row] = await rowsOf(run);
    for (const [lead, month] of LEADS.entries()) {
      const written = Number(row![`forecast_${month}`]);
      expect(row![`percent_${month}`]).toBe(percent(written, expected.normals["seam"]!.nearest[lead]!));
    }
  });

  test("is in a grid that is stored, too, with its climatology beside it", async () => {
    const first = await methodRun({ only: ["seam"] });
    const again = await methodRun({ only: ["seam"], store: first.store, now: "2003-01-06 00:00:00" });
    expect(again.manifest.grid!.stored).toBe(true);
    expect((await rowsOf(again))[0]!["percent_2003-02"]).toBe((await rowsOf(first))[0]!["percent_2003-02"]);
    const array = keys.grid(again.manifest.grid!.id, "climatology_2001_2002/.zarray");
    expect(await first.store.get(array)).toBeDefined();
  });

  test.each([
    ["of a temperature", { units: "K" }, { units: "K" }],
    ["of an archive of anomalies", { kind: "anomaly" }, {}],
  ])("is not there %s, nor its climatology", async (_, observations, forecast) => {
    const run = await methodRun({ only: ["seam"], observations, forecast });
    expect(run.manifest.status).toBe("complete");
    expect(Object.keys((await rowsOf(run))[0]!).filter((title) => title.startsWith("percent"))).toEqual([]);
    expect((await pageDataOf(run)).stations).not.toHaveProperty("percent");
    const { id } = run.manifest.grid!;
    expect(await run.store.get(keys.grid(id, "climatology_2001_2002/.zarray"))).toBeUndefined();
  });
});

/** The text of a percentage; empty where there is none. */
function percent(anomaly: number | null, normal: number | null): string {
  return anomaly === null || normal === null || normal === 0 ? "" : String(Math.round((1000 * anomaly) / normal) / 10);
}
