import { expect, test } from "vitest";
import { remakeIndex } from "../../functions/local/index-command.ts";
import { keys } from "../../lib/keys.ts";
import { listedRuns } from "../../lib/report/index/renew.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { jsonText } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { madeReport } from "../support/made-report.ts";

test("a run of an older version, which left no entry, is added to the index, once", async () => {
  const out = temporaryFolder();
  const store = folderStore(out);
  await expect(remakeIndex(out)).rejects.toThrow("has no runs");
  const { manifest, about } = madeReport({ stations: 3 });
  const { runId } = manifest;
  const claim = { runId, product: "prec", forecast: { key: "x/CFSv2.Prec.20200625.202008.nc", etag: "e" }, now: "" };
  await store.put(keys.claim(runId), jsonText(claim));
  await store.put(keys.manifest(runId), jsonText(manifest));
  await store.put(keys.stations(runId), jsonText(about));
  await store.put(keys.page(runId), "<p>page</p>");
  expect(await remakeIndex(out)).toBe(`${out}/index.html lists 1 run, 1 run added to it\n`);
  const [entry] = await listedRuns(store);
  expect(entry).toMatchObject({ runId, hasPage: true, forecast: { issued: "20200625" } });
  expect(entry?.means).toHaveLength(1);
  expect(await remakeIndex(out)).toBe(`${out}/index.html lists 1 run\n`);
});
