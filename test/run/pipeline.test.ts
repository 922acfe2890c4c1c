import { describe, expect, test } from "vitest";
import { InputError } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { findManifest } from "../../lib/run/manifest.ts";
import { carryOut, type Reports } from "../../lib/run/pipeline.ts";
import { getJson } from "../../lib/store/store.ts";
import { claimed } from "../support/claimed-run.ts";
import { NO_REPORTS, plainEngine } from "../support/plain-engine.ts";

async function carriedOut({ fails, ...own }: { readonly fails?: Record<string, Error> } & Partial<Reports> = {}) {
  const { store, run, claim } = await claimed();
  const { engine, asked, told } = plainEngine(run, fails);
  const begun = { claim, startedAt: Date.now(), seconds: 0.5 };
  const outcome = await carryOut(begun, engine, { ...NO_REPORTS, ...own });
  return { store, claim, outcome, asked, told, manifest: await findManifest(store, claim.runId) };
}

test("a run goes through its steps in order, and its manifest says how long each took", async () => {
  const { claim, outcome, asked, told, manifest } = await carriedOut();
  expect(asked).toEqual(["plan", "grid", "chunks 0001", "manifest", "page", "index"]);
  expect(outcome).toEqual({
    runId: claim.runId,
    status: "complete",
    manifest: keys.manifest(claim.runId),
    written: 20,
    missing: 0,
    warnings: manifest!.warnings.length,
  });
  expect(told).toEqual([manifest]);
  expect(Object.keys(manifest!.seconds)).toEqual(["claim", "plan", "grid", "series", "total"]);
  expect(manifest!.seconds["claim"]).toBe(0.5);
});

describe("a step that fails", () => {
  test("before the chunks makes a failed run, with a manifest, and what was thrown", async () => {
    const error = new InputError("TooLarge", "too large");
    const { outcome, asked, manifest } = await carriedOut({ fails: { grid: error } });
    expect(asked).toEqual(["plan", "grid", "fail", "page", "index"]);
    expect(outcome).toMatchObject({ status: "failed", error: "too large", cause: error, written: 0 });
    expect(manifest).toMatchObject({
      status: "failed",
      error: "too large",
      forecast: { label: "19970520.199707" },
      grid: { months: 87 },
      counts: { planned: 20, written: 0, emptyRows: 1, chunks: 1, chunksDone: 0 },
      missing: [{ chunkId: "0001", error: "too large" }],
    });
    expect(manifest?.warnings.map(({ kind }) => kind)).toContain("rowsEmpty");
  });

  test("to plan leaves a manifest that knows nothing of an older plan", async () => {
    const { store, run, claim, plan } = await claimed();
    await plan();
    const { engine } = plainEngine(run, { plan: new Error("no forecast") });
    await carryOut({ claim, startedAt: Date.now(), seconds: 0 }, engine, NO_REPORTS);
    expect(await findManifest(store, claim.runId)).toMatchObject({ counts: { planned: 0 }, warnings: [] });
  });

  test("and cannot even be told of leaves both errors", async () => {
    const fails = { plan: new Error("no forecast"), fail: new Error("no bucket") };
    const { outcome, asked, manifest } = await carriedOut({ fails });
    expect(asked).toEqual(["plan", "fail"]);
    const error = "no forecast; and the run was not closed: no bucket";
    expect(outcome).toMatchObject({ status: "failed", error, cause: fails.plan });
    expect(outcome.manifest).toBeUndefined();
    expect(manifest).toBeUndefined();
  });

  test("before the chunks, and its page too, is told with both in the manifest", async () => {
    const page = () => Promise.reject(new Error("no template"));
    const { outcome, asked, manifest } = await carriedOut({ fails: { grid: new Error("too large") }, page });
    expect(asked).toEqual(["plan", "grid", "fail", "page", "warn", "index"]);
    expect(outcome).toMatchObject({ status: "failed", error: "too large" });
    expect(outcome.warnings).toBe(manifest?.warnings.length);
    expect(manifest?.warnings.at(-1)).toEqual({
      kind: "pageMissing",
      message: "the page was not written: no template",
    });
  });

  test("to write the manifest leaves the run open, without a page", async () => {
    const { outcome, asked, manifest } = await carriedOut({ fails: { manifest: new Error("no bucket") } });
    expect(asked).toEqual(["plan", "grid", "chunks 0001", "manifest"]);
    expect(outcome).toMatchObject({ status: "failed", error: "the run was not closed: no bucket" });
    expect(manifest).toBeUndefined();
  });
});

describe("a page that cannot be written", () => {
  const page = () => Promise.reject(new Error("no template"));

  test("is a warning in the manifest of a complete run, which latest.json names", async () => {
    const { store, claim, outcome, asked, manifest } = await carriedOut({ page });
    expect(asked.slice(-3)).toEqual(["page", "warn", "index"]);
    expect(manifest?.status).toBe("complete");
    expect(manifest?.warnings.at(-1)).toEqual({
      kind: "pageMissing",
      message: "the page was not written: no template",
    });
    expect(manifest?.counts.warnings).toBe(manifest?.warnings.length);
    expect(outcome).toMatchObject({ status: "complete", warnings: manifest?.warnings.length });
    expect(outcome.error).toBeUndefined();
    expect(await getJson(store, keys.latest("prec"))).toMatchObject({ runId: claim.runId });
  });

  test("is told by the outcome where the manifest cannot be written anew", async () => {
    const { outcome, manifest } = await carriedOut({ page, fails: { warn: new Error("no room") } });
    expect(manifest?.status).toBe("complete");
    expect(outcome).toMatchObject({
      status: "complete",
      error: "the page was not written: no template; and the manifest does not say so: no room",
    });
  });
});

describe("an index that cannot be renewed", () => {
  const index = () => Promise.reject(new Error("no leave"));

  test("is a warning in the manifest of a complete run, which has its page", async () => {
    const { outcome, asked, manifest } = await carriedOut({ index });
    expect(asked.slice(-3)).toEqual(["page", "index", "warn"]);
    expect(manifest?.status).toBe("complete");
    expect(manifest?.warnings.at(-1)).toEqual({
      kind: "indexMissing",
      message: "the index of all runs was not renewed: no leave",
    });
    expect(outcome).toMatchObject({ status: "complete", warnings: manifest?.warnings.length });
    expect(outcome.error).toBeUndefined();
  });

  test("is told beside the page that could not be written, each once", async () => {
    const page = () => Promise.reject(new Error("no template"));
    const { outcome, manifest } = await carriedOut({ page, index });
    expect(manifest?.warnings.slice(-2).map(({ kind }) => kind)).toEqual(["pageMissing", "indexMissing"]);
    expect(outcome.warnings).toBe(manifest?.warnings.length);
  });

  test("is told what the index says of the run, unless its page failed", async () => {
    const told: unknown[] = [];
    const noting: Reports["index"] = async (_, entry) => void told.push(entry?.runId);
    const { claim } = await carriedOut({ index: noting });
    await carriedOut({ index: noting, page: () => Promise.reject(new Error("no template")) });
    expect(told).toEqual([claim.runId, undefined]);
  });
});
