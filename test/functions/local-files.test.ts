import { hash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localFile } from "../../functions/local/files.ts";
import { temporaryFolder } from "../support/folder.ts";

test.each([
  ["rewritten", (path: string) => writeFileSync(path, "two")],
  [
    "replaced",
    (path: string) => {
      writeFileSync(`${path}.new`, "two");
      renameSync(`${path}.new`, path);
    },
  ],
])("a local file that is %s has another etag from then on", async (_, change) => {
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, "one");
  const file = localFile(path, () => Promise.reject(new Error("small files are hashed in place")));
  expect(await file.etag()).toBe(hash("sha256", "one"));
  expect(await file.etag()).toBe(hash("sha256", "one"));
  change(path);
  expect(await file.etag()).toBe(hash("sha256", readFileSync(path)));
  expect(await file.etag()).toBe(hash("sha256", "two"));
});
