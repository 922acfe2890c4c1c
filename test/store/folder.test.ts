import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { fileWriter } from "../../lib/store/folder-files.ts";
import { growingName, LEFT_MS, sweepFolder } from "../../lib/store/growing.ts";
import { getJson } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("json that is not there is undefined, and json that is broken is named", async () => {
  const store = folderStore(temporaryFolder());
  expect(await getJson(store, "no/such")).toBeUndefined();
  await store.put("bad.json", "{");
  await expect(getJson(store, "bad.json")).rejects.toMatchObject({
    tag: "BrokenFile",
    message: /^bad\.json: /,
  });
});

test("what is being written is not listed", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("a", "1");
  mkdirSync(join(root, ".growing"), { recursive: true });
  writeFileSync(join(root, ".growing", "1.half"), "");
  expect(await Array.fromAsync(store.list(""))).toEqual([{ key: "a", size: 1 }]);
});

test("the etag is the SHA-256 of the bytes", async () => {
  const store = folderStore(temporaryFolder());
  await store.put("a", "abc");
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect((await store.get("a"))!.etag).toBe(sha256);
});

test("no key leaves the folder", async () => {
  const store = folderStore(temporaryFolder());
  for (const key of ["../x", "a/../../x", "/x", "a//b", "", ".", "a\\b", "a\0b"]) {
    await expect(store.put(key, "")).rejects.toMatchObject({ tag: "BadName" });
    await expect(store.get(key)).rejects.toMatchObject({ tag: "BadName" });
  }
});

test("a failed write leaves nothing, and a sweep removes what a killed process left", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("folder/file", "x");
  await expect(store.put("folder", "x")).rejects.toThrow("EISDIR");
  expect(readdirSync(join(root, ".growing"))).toEqual([]);
  const growing = join(root, ".growing");
  const [ours, another] = [growingName(), "another-machine.1.a"];
  const dead = ours.replace(`.${process.pid}.`, `.${2 ** 22 + 1}.`); // above the largest process id
  for (const name of [ours, another, dead]) writeFileSync(join(growing, name), "half");
  sweepFolder(root);
  expect(readdirSync(growing).sort()).toEqual([ours, another].sort());
});

test("what grew is swept when it is old, whichever process has that id by now", async () => {
  const root = temporaryFolder();
  const growing = join(root, ".growing");
  mkdirSync(growing);
  const old = new Date(Date.now() - 2 * LEFT_MS);
  for (const name of [growingName(), `${process.pid}.of-an-older-version`, "another-machine.1.a"]) {
    writeFileSync(join(growing, name), "half");
    utimesSync(join(growing, name), old, old);
  }
  sweepFolder(root);
  expect(existsSync(growing)).toBe(false);
});

test("what is swept while it grows is written anew", async () => {
  const root = temporaryFolder();
  const writeAside = fileWriter(root);
  let sweeps = 0;
  writeAside("a/b", "whole", (aside, path) => {
    if (sweeps++ < 3) for (const folder of [".growing", "a"]) rmSync(join(root, folder), { recursive: true });
    renameSync(aside, path);
  });
  expect(sweeps).toBe(4);
  expect(readFileSync(join(root, "a/b"), "utf8")).toBe("whole");
});

test("a sweep by one process does not disturb the writes of another", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("a", "1");
  sweepFolder(root);
  expect(readdirSync(root)).toEqual(["a"]);
  await store.put("a", "2");
  expect(text((await store.get("a"))!.body)).toBe("2");
});

test("a file in the place of what grows is named", async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, ".growing"), "");
  const named = { tag: "CannotWrite", message: expect.stringContaining(join(root, ".growing")) };
  expect(() => sweepFolder(root)).toThrow(expect.objectContaining(named));
  await expect(folderStore(root).put("a", "")).rejects.toMatchObject(named);
});

test("a folder that cannot be made is named", async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, "file"), "");
  const store = folderStore(join(root, "file", "below"));
  await expect(store.put("a", "")).rejects.toMatchObject({ tag: "CannotWrite", message: /below.*cannot be made/ });
  sweepFolder(join(root, "nothing here"));
  expect(existsSync(join(root, "nothing here"))).toBe(false);
});

test("an object that cannot be read is named", async () => {
  const root = temporaryFolder();
  // A link to itself: a file without permission would be readable to root.
  symlinkSync("a", join(root, "a"));
  await expect(folderStore(root).get("a")).rejects.toMatchObject({
    tag: "NoAccess",
    message: expect.stringMatching(/\/a: cannot be read: ELOOP.*\. Make it readable, or choose another folder$/),
  });
});

test("folders that several threads make at once are made, and no put fails", async () => {
  const [root, racers, rounds] = [temporaryFolder(), 2, 300];
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  const threads = Array.from(
    { length: racers },
    () =>
      new Worker(new URL("../support/folder-racer.ts", import.meta.url), {
        workerData: { root, rounds, racers, arrived },
      }),
  );
  await Promise.all(threads.map((thread) => once(thread, "exit")));
  expect(readdirSync(root).filter((name) => existsSync(join(root, name, "a/b/c")))).toHaveLength(rounds);
});
