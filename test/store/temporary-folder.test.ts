import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { sweepTemporaryFolders, TemporaryFolder, withTemporaryFolder } from "../../lib/store/temporary-folder.ts";
import { temporaryFolder } from "../support/folder.ts";

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

test("what a killed process left is swept, and nothing else", async () => {
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  try {
    const left = await withTemporaryFolder((inner) => Promise.resolve(inner));
    mkdirSync(join(left, "in"), { recursive: true });
    mkdirSync(join(folder, "another's"));
    sweepTemporaryFolders();
    expect(readdirSync(folder)).toEqual(["another's"]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("where none can be made, the message names TMPDIR", () => {
  vi.stubEnv("TMPDIR", join(temporaryFolder(), "none"));
  try {
    const folder = new TemporaryFolder();
    expect(() => folder.path).toThrow(
      expect.objectContaining({ tag: "CannotWrite", message: expect.stringContaining("Set TMPDIR to a folder") }),
    );
  } finally {
    vi.unstubAllEnvs();
  }
});
