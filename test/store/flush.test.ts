import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { temporaryFolder } from "../support/folder.ts";

afterEach(() => void vi.unstubAllEnvs());

/** Has another program stand for `sync`, which writes its arguments into the file that is returned, then does as told. */
function standIn(lines: string): string {
  const folder = temporaryFolder();
  const told = join(folder, "told");
  writeFileSync(join(folder, "sync"), `#!/bin/sh\necho "$@" >> ${told}\n${lines}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", [folder, process.env["PATH"]].join(delimiter));
  return told;
}

describe.skipIf(process.platform !== "linux")("to flush a folder", () => {
  test("its file system is flushed, and no other", async () => {
    const told = standIn("");
    const root = temporaryFolder();
    await folderStore(root).flush?.();
    expect(readFileSync(told, "utf8")).toBe(`-f -- ${root}\n`);
  });

  test("all are flushed where the program knows no single one", async () => {
    const told = standIn(`test $# = 0 || { echo "sync: unrecognized option: f" >&2; exit 1; }`);
    const root = temporaryFolder();
    await folderStore(root).flush?.();
    expect(readFileSync(told, "utf8")).toBe(`-f -- ${root}\n\n`);
  });

  test("a disk that did not keep something is named, with what to do", async () => {
    standIn(`echo "sync: error syncing 'x': Input/output error" >&2; exit 1`);
    const root = temporaryFolder();
    await expect(folderStore(root).flush?.()).rejects.toMatchObject({
      tag: "CannotWrite",
      message: expect.stringMatching(/was not written to the disk: sync: .*Input\/output error\. .*--force$/),
    });
  });

  test("nothing is done where there is no such program", async () => {
    vi.stubEnv("PATH", temporaryFolder());
    await expect(folderStore(temporaryFolder()).flush?.()).resolves.toBeUndefined();
  });
});

test("single objects are flushed, and those that are not there are none", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("a/b", "1");
  await store.flush?.(["a/b", "a/c", "d/e"]);
  expect(existsSync(join(root, "a/c"))).toBe(false);
});
