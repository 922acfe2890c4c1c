import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { keptOrMade, type Sealed, seal, unseal } from "../../lib/store/sealed.ts";
import { temporaryFolder } from "../support/folder.ts";
import { watchedStore } from "../support/watched-store.ts";

const KEY = "grids/g/history/d";
const made: Sealed<{ words: string[] }> = { head: { words: ["a", "系列"] }, body: Uint8Array.of(1, 2, 3) };

test("what is sealed comes back, body and head", () => {
  const { head, body } = unseal<{ words: string[] }>(KEY, seal(KEY, made))!;
  expect(head.words).toEqual(made.head.words);
  expect([...body]).toEqual([1, 2, 3]);
  expect(unseal(KEY, seal(KEY, { head: {}, body: new Uint8Array() }))!.body).toHaveLength(0);
});

test("it is put behind a body in memory that has room, and else a copy is made", () => {
  const room = new Uint8Array(200);
  room.set(made.body);
  const sealed = seal(KEY, { ...made, body: room.subarray(0, 3) }, room);
  expect(sealed.buffer).toBe(room.buffer);
  expect([...sealed]).toEqual([...seal(KEY, made)]);
  const tight = room.subarray(0, 10);
  expect([...seal(KEY, { ...made, body: tight.subarray(0, 3) }, tight)]).toEqual([...sealed]);
});

test("no byte of it may be another, none missing, none more, and no other key", () => {
  const whole = seal(KEY, made);
  for (let at = 0; at < whole.length; at++) {
    const changed = Uint8Array.from(whole);
    changed[at]! ^= 1;
    expect(unseal(KEY, changed)).toBeUndefined();
    expect(unseal(KEY, whole.subarray(0, at))).toBeUndefined();
  }
  expect(unseal(KEY, Uint8Array.of(...whole, 0))).toBeUndefined();
  expect(unseal(KEY, new Uint8Array(whole.length))).toBeUndefined();
  expect(unseal("grids/g/history/other", whole)).toBeUndefined();
});

test.each(["null", "no JSON", "[", ""])("what has a right checksum and the head %j counts as none", (head) => {
  const text = Buffer.from(head);
  const bytes = Buffer.alloc(text.length + 8);
  text.copy(bytes);
  bytes.writeUInt32LE(text.length, text.length);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), text.length + 4);
  expect(unseal(KEY, bytes)).toBeUndefined();
});

test.each<[string, Uint8Array | string | undefined, number]>([
  ["absent", undefined, 1],
  ["whole", seal(KEY, made), 0],
  ["damaged", seal(KEY, made).fill(0, 4, 6), 1],
  ["of another key", seal("grids/other/history/d", made), 1],
  ["empty", "", 1],
])("an object that is %s is there, and the same, afterwards", async (_, there, times) => {
  const store = watchedStore(folderStore(temporaryFolder()));
  if (there !== undefined) await store.put(KEY, there);
  const before = store.puts.length;
  let asked = 0;
  const { head, body } = await keptOrMade(store, KEY, async () => {
    asked++;
    return made;
  });
  expect([asked, store.puts.length - before]).toEqual([times, times]);
  expect([head.words, ...body]).toEqual([["a", "系列"], 1, 2, 3]);
  expect([...(await store.get(KEY))!.body]).toEqual([...seal(KEY, made)]);
});
