import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { etagOf, folderStore, sweepFolder } from "../../lib/store/folder.ts";
import { getJson, getJsonIfPresent } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("what is put is got, whole and in ranges, with an etag that follows the bytes", async () => {
  const store = folderStore(temporaryFolder());
  await store.put("a/b/c.txt", "hello world");
  const { body, etag } = await store.get("a/b/c.txt");
  expect(text(body)).toBe("hello world");
  expect(text(await store.getRange("a/b/c.txt", 6, 3))).toBe("wor");
  expect(await store.head("a/b/c.txt")).toEqual({ key: "a/b/c.txt", size: 11, etag });
  await store.put("a/b/c.txt", "other");
  expect((await store.get("a/b/c.txt")).etag).toBe(etagOf(Buffer.from("other")));
  expect(etag).not.toBe(etagOf(Buffer.from("other")));
});

test("an object that is not there, or ends too early, is a clear error", async () => {
  const store = folderStore(temporaryFolder());
  await expect(store.get("no/such")).rejects.toMatchObject({ tag: "FileNotFound", message: /no\/such/ });
  expect(await store.head("no/such")).toBeUndefined();
  expect(await getJsonIfPresent(store, "no/such")).toBeUndefined();
  await store.put("short", "abc");
  await expect(store.getRange("short", 1, 5)).rejects.toMatchObject({
    tag: "BrokenFile",
    message: "short: ends after 3 bytes, 6 are needed",
  });
  await store.put("bad.json", "{");
  await expect(getJsonIfPresent(store, "bad.json")).rejects.toBeInstanceOf(SyntaxError);
});

test("of many callers that put if absent, exactly one is told that it did", async () => {
  const root = temporaryFolder();
  const stores = Array.from({ length: 20 }, () => folderStore(root));
  const told = await Promise.all(stores.map((store, i) => store.putIfAbsent("runs/x/claim.json", JSON.stringify(i))));
  expect(told.filter(Boolean)).toHaveLength(1);
  expect(await getJson(folderStore(root), "runs/x/claim.json")).toBe(told.indexOf(true));
});

test("objects are listed by prefix, in order of keys, without what is being written", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  for (const key of ["b/2", "b/10", "b.txt", "b/1/x", "a", "bc/1"]) await store.put(key, key);
  mkdirSync(join(root, ".growing"), { recursive: true });
  writeFileSync(join(root, ".growing", "1.half"), "");
  expect((await Array.fromAsync(store.list(""))).map((o) => o.key)).toEqual([
    "a",
    "b.txt",
    "b/1/x",
    "b/10",
    "b/2",
    "bc/1",
  ]);
  expect(await Array.fromAsync(store.list("b/1"))).toEqual([
    { key: "b/1/x", size: 5 },
    { key: "b/10", size: 4 },
  ]);
  expect(await Array.fromAsync(store.list("none/"))).toEqual([]);
});

test("no key leaves the folder", async () => {
  const store = folderStore(temporaryFolder());
  for (const key of ["../x", "a/../../x", "/x", "a//b", "", ".", "a\\b", "a\0b"]) {
    await expect(store.put(key, "")).rejects.toMatchObject({ tag: "BadRequest" });
    await expect(store.get(key)).rejects.toMatchObject({ tag: "BadRequest" });
  }
});

test("a failed write leaves nothing, and a sweep removes what a killed process left", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("folder/file", "x");
  await expect(store.put("folder", "x")).rejects.toThrow("EISDIR");
  expect(readdirSync(join(root, ".growing"))).toEqual([]);
  const dead = 2 ** 22 + 1; // above the largest process id
  writeFileSync(join(root, ".growing", `${dead}.a`), "half");
  writeFileSync(join(root, ".growing", `${process.pid}.b`), "growing");
  sweepFolder(root);
  expect(readdirSync(join(root, ".growing"))).toEqual([`${process.pid}.b`]);
  writeFileSync(join(root, ".growing", `${process.pid}.b`), "");
});

test("a sweep by one process does not disturb the writes of another", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("a", "1");
  sweepFolder(root);
  expect(readdirSync(root)).toEqual(["a"]);
  await store.put("a", "2");
  expect(text((await store.get("a")).body)).toBe("2");
});

test("a folder that cannot be made is named", async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, "file"), "");
  const store = folderStore(join(root, "file", "below"));
  await expect(store.put("a", "")).rejects.toMatchObject({ tag: "FileNotFound", message: /below.*cannot be made/ });
  sweepFolder(join(root, "nothing here"));
  expect(existsSync(join(root, "nothing here"))).toBe(false);
});
