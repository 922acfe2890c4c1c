import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { prefixedStore } from "../../lib/store/prefixed.ts";
import { s3Store } from "../../lib/store/s3.ts";
import { getJson, type ObjectStore, requireJson, requireObject } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bucket, type S3Server, startS3 } from "../support/s3-server.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

let s3: S3Server;
let buckets = 0;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

function emptyBucket(client: "client" | "slim"): () => ObjectStore {
  buckets += 1;
  const name = bucket(s3, `contract-${buckets}`);
  return () => s3Store(s3[client], name);
}

function emptyFolder(): () => ObjectStore {
  const root = temporaryFolder();
  return () => folderStore(root);
}

/** A prefix of a bucket that holds more: what lies beside it is no part of it. */
function emptyPrefix(): () => ObjectStore {
  buckets += 1;
  const name = bucket(s3, `contract-${buckets}`);
  for (const key of ["of", "of/todays/a", "of/toda", "a"]) s3.store.putObject(name, key, Buffer.from("another's"));
  return () => prefixedStore(s3Store(s3.client, name), "of/today");
}

/** What every object store does. `empty` makes a new place, and returns what opens it. */
describe.each([
  { store: "a folder", empty: emptyFolder },
  { store: "a bucket over the SDK", empty: () => emptyBucket("client") },
  { store: "a bucket over the slim client", empty: () => emptyBucket("slim") },
  { store: "a prefix of a bucket", empty: emptyPrefix },
])("$store as an object store", ({ empty }) => {
  test("what is put is got, whole, with an etag that follows the bytes", async () => {
    const store = empty()();
    await store.put("a/b/c.txt", "hello world");
    const { body, etag } = await requireObject(store, "a/b/c.txt");
    expect(text(body)).toBe("hello world");
    expect(etag).toMatch(/^[0-9a-f]{32,64}$/);

    await store.put("a/b/c.txt", new Uint8Array([1, 2, 255]));
    const replaced = await requireObject(store, "a/b/c.txt");
    expect([...replaced.body]).toEqual([1, 2, 255]);
    expect(replaced.etag).not.toBe(etag);
    await store.put("a/b/c.txt", "hello world");
    expect((await store.get("a/b/c.txt"))?.etag).toBe(etag);
  });

  test("an object may be empty", async () => {
    const store = empty()();
    await store.put("empty", "");
    expect((await store.get("empty"))!.body).toHaveLength(0);
  });

  test.each([0, 5, 11, 100])("what is got with %i bytes of room for it is the same", async (bytes) => {
    const store = empty()();
    await store.put("a/b/c.txt", "hello world");
    const derived = { room: new Uint8Array(bytes).fill(7) };
    const { body, etag } = (await store.get("a/b/c.txt", derived))!;
    expect(text(body)).toBe("hello world");
    expect(etag).toBe((await requireObject(store, "a/b/c.txt")).etag);
    expect(await store.get("no/such", derived)).toBeUndefined();
    await store.put("empty", "");
    expect((await store.get("empty", derived))!.body).toHaveLength(0);
  });

  test("an object that is not there is undefined, or where it must be there a clear error", async () => {
    const store = empty()();
    expect(await store.get("no/such")).toBeUndefined();
    const message = `${store.name}/no/such: there is no such object`;
    await expect(requireObject(store, "no/such")).rejects.toMatchObject({ tag: "FileNotFound", message });
    await expect(requireJson(store, "no/such")).rejects.toMatchObject({ tag: "FileNotFound", message });
    expect(await getJson(store, "no/such")).toBeUndefined();
  });

  test("of many callers that put if absent, exactly one is told that it did", async () => {
    const open = empty();
    const stores = Array.from({ length: 20 }, open);
    const told = await Promise.all(
      stores.map((store, i) => store.putIfAbsent("runs/x/claim.json", JSON.stringify({ i }))),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await requireJson(open(), "runs/x/claim.json")).toEqual({ i: told.indexOf(true) });
  });

  test("an object is replaced where it is the one that was meant", async () => {
    const store = empty()();
    expect(await store.putIfMatch("latest.json", "x", "no-such-etag")).toBe(false);
    expect(await store.get("latest.json")).toBeUndefined();
    await store.put("latest.json", "first");
    const { etag } = await requireObject(store, "latest.json");
    expect(await store.putIfMatch("latest.json", "second", etag)).toBe(true);
    expect(await store.putIfMatch("latest.json", "third", etag)).toBe(false);
    expect(text((await store.get("latest.json"))!.body)).toBe("second");
    expect(await Array.fromAsync(store.list(""))).toEqual([{ key: "latest.json", size: 6 }]);
  });

  test("of many callers that replace an object at once, one is told so", async () => {
    const open = empty();
    await open().put("latest.json", "first");
    const { etag } = await requireObject(open(), "latest.json");
    const told = await Promise.all(
      Array.from({ length: 20 }, (_, i) => open().putIfMatch("latest.json", String(i), etag)),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(text((await open().get("latest.json"))!.body)).toBe(String(told.indexOf(true)));
  });

  test("objects are listed by prefix, in order of keys", async () => {
    const store = empty()();
    for (const key of ["b/2", "b/10", "b.txt", "b/1/x", "a", "bc/1", "B", "b_1"]) await store.put(key, key);
    expect((await Array.fromAsync(store.list(""))).map(({ key }) => key)).toEqual([
      "B",
      "a",
      "b.txt",
      "b/1/x",
      "b/10",
      "b/2",
      "b_1",
      "bc/1",
    ]);
    expect(await Array.fromAsync(store.list("b/1"))).toEqual([
      { key: "b/1/x", size: 5 },
      { key: "b/10", size: 4 },
    ]);
    expect(await Array.fromAsync(store.list("none/"))).toEqual([]);
  });

  test("a key may have spaces, signs and any letters", async () => {
    const store = empty()();
    const keys = ["a b/c+d.csv", "q?=&%20#.json", "系列/北京 'x' (1).csv"];
    for (const key of keys) await store.put(key, key);
    for (const key of keys) expect(text((await store.get(key))!.body)).toBe(key);
    expect((await Array.fromAsync(store.list(""))).map(({ key }) => key)).toEqual(keys);
  });
});
