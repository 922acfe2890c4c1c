import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "../../lib/store/temporary-folder.ts";

test("the folder is new and empty for each use, and gone after it", async () => {
  const folders = await Promise.all(
    [1, 2].map((i) =>
      withTemporaryFolder(async (folder) => {
        mkdirSync(join(folder, "in"));
        writeFileSync(join(folder, "in", "file"), String(i));
        return folder;
      }),
    ),
  );
  expect(new Set(folders).size).toBe(2);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
});

test("the folder is gone after a failure, which goes on", async () => {
  let used = "";
  const failing = withTemporaryFolder(async (folder) => {
    used = folder;
    writeFileSync(join(folder, "file"), "x");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(used).not.toBe("");
  expect(existsSync(used)).toBe(false);
});
