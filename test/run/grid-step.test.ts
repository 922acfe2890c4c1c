import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findGrid } from "../../lib/grid/stored-grid.ts";
import { makeGrid } from "../../lib/run/grid-step.ts";
import { claimed } from "../support/claimed-run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fixture } from "../support/golden.ts";
import { watchedStore } from "../support/watched-store.ts";

const limits = { memoryBytes: 2 ** 20 };

async function planned() {
  const archive = join(temporaryFolder(), "precip.nc");
  writeFileSync(archive, readFileSync(fixture("run/precip.classic.nc")));
  return { archive, ...(await claimed({ observations: archive })) };
}

test("a grid is computed once: a plan that finds it has nothing more to do", async () => {
  const { store, run, claim, plan } = await planned();
  const first = await plan();
  expect(await makeGrid({ ...run, limits })).toBe("computed");
  expect(await findGrid(store, first.grid.id)).toMatchObject({
    id: first.grid.id,
    observations: { key: "observations/precip.mon.mean.nc", etag: claim.observations.etag },
    shape: { cells: [9, 18], months: 87 },
  });
  const watched = watchedStore(store);
  await plan();
  expect(await makeGrid({ ...run, store: watched, limits })).toBe("stored");
  expect(watched.puts).toEqual([]);
});

test("a grid is not made of an archive that was replaced since the plan", async () => {
  const { store, archive, run, plan } = await planned();
  await plan();
  writeFileSync(archive, "another");
  await expect(makeGrid({ ...run, limits })).rejects.toMatchObject({
    tag: "InputChanged",
    message: expect.stringContaining("observations/precip.mon.mean.nc: was replaced since the run began"),
  });
  const kept = await Array.fromAsync(store.list("grids/"));
  expect(kept.filter(({ key }) => !/^grids\/(archives|placed)\//.test(key))).toEqual([]);
});

test("a grid of an archive that is replaced while it is computed never counts as there", async () => {
  const { store, archive, run, plan } = await planned();
  const first = await plan();
  const replacing = watchedStore(store, (_, before) => {
    if (before === 5) writeFileSync(archive, "another");
  });
  await expect(makeGrid({ ...run, store: replacing, limits })).rejects.toMatchObject({
    tag: "InputChanged",
  });
  expect(replacing.puts.length).toBeGreaterThan(5);
  expect(await findGrid(store, first.grid.id)).toBeUndefined();
});
