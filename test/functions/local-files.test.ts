import { hash } from "node:crypto";
import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { hashFile, hashLargeFile, localFile } from "../../functions/local/files.ts";
import { rememberingHash } from "../../functions/local/known-digests.ts";
import { keys } from "../../lib/keys.ts";
import { folderStore } from "../../lib/store/folder.ts";
import { seal, unseal } from "../../lib/store/sealed.ts";
import { requireObject } from "../../lib/store/store.ts";
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

test("a large file is hashed a part at a time: progress is told, and timers run meanwhile", async () => {
  const path = join(temporaryFolder(), "large.nc");
  writeFileSync(path, "");
  truncateSync(path, 100 * 2 ** 20);
  const parts: number[] = [];
  let ticks = 0;
  const timer = setInterval(() => ticks++, 0);
  const hashed = await hashLargeFile(path, (part) => parts.push(part));
  clearInterval(timer);
  expect(hashed).toBe(hashFile(path));
  expect(parts).toEqual([0.32, 0.64, 0.96]);
  expect(ticks).toBeGreaterThan(0);
});

test("a file that cannot be hashed does not keep another from it", async () => {
  const hashed = rememberingHash(folderStore(temporaryFolder()));
  const path = join(temporaryFolder(), "a.nc");
  writeFileSync(path, "one");
  const both = await Promise.allSettled([hashed(`${path}.missing`), hashed(path)]);
  expect(both).toMatchObject([
    { status: "rejected", reason: { tag: "FileNotFound" } },
    { status: "fulfilled", value: hash("sha256", "one") },
  ]);
});

afterEach(() => vi.restoreAllMocks());

describe("digests of large files that the output folder remembers", () => {
  const PAST = new Date("2020-01-01T00:00:00Z");
  const content = (byte: number) => new Uint8Array(2 ** 20 + 1).fill(byte);
  const digestOf = (byte: number) => hash("sha256", content(byte));

  /** A file that was last changed long ago as all its times say, ctime included, which nobody can set: the clock goes on instead. */
  function made() {
    const path = join(temporaryFolder(), "a.nc");
    writeFileSync(path, content(1));
    const root = temporaryFolder();
    const later = (ms: number) => vi.spyOn(Date, "now").mockReturnValue(statSync(path).ctimeMs + ms);
    const etag = () => localFile(path, rememberingHash(folderStore(root))).etag();
    return { path, root, etag, later, kept: () => existsSync(join(root, keys.digests)) };
  }

  test("are those of its bytes, and a second run believes them", async () => {
    const { root, etag, later } = made();
    later(61_000);
    expect(await etag()).toBe(digestOf(1));
    // That it is not read again shows where the folder remembers something else.
    const store = folderStore(root);
    const { head, body } = unseal<{ files: Record<string, string> }>(
      keys.digests,
      (await requireObject(store, keys.digests)).body,
    )!;
    const [[stamp]] = Object.entries(head.files) as [[string, string]];
    await store.put(keys.digests, seal(keys.digests, { head: { files: { [stamp]: "remembered" } }, body }));
    expect(await etag()).toBe("remembered");
  });

  test("of two files that are hashed at once are both kept", async () => {
    const root = temporaryFolder();
    const hashed = rememberingHash(folderStore(root));
    const paths = [1, 2].map((byte) => {
      const path = join(temporaryFolder(), "a.nc");
      writeFileSync(path, content(byte));
      return path;
    });
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 120_000);
    expect(await Promise.all(paths.map(hashed))).toEqual([digestOf(1), digestOf(2)]);
    const { body } = await requireObject(folderStore(root), keys.digests);
    const { files } = unseal<{ files: Record<string, string> }>(keys.digests, body)!.head;
    expect(Object.values(files).sort()).toEqual([digestOf(1), digestOf(2)].sort());
  });

  test.each<[string, (path: string) => void]>([
    ["rewritten, with its times put back", (path) => writeFileSync(path, content(2))],
    [
      "replaced by one of the same size and times",
      (path) => {
        writeFileSync(`${path}.new`, content(2));
        renameSync(`${path}.new`, path);
      },
    ],
  ])("are not believed of one that is %s", async (_, change) => {
    const { path, etag, later } = made();
    utimesSync(path, PAST, PAST);
    later(61_000);
    expect(await etag()).toBe(digestOf(1));
    change(path);
    utimesSync(path, PAST, PAST);
    later(61_000);
    expect(await etag()).toBe(digestOf(2));
  });

  test.each([0, 59_000, -60_000])("are not kept of a file that changed %i ms ago", async (ms) => {
    const { etag, later, kept } = made();
    later(ms);
    expect(await etag()).toBe(digestOf(1));
    expect(kept()).toBe(false);
  });

  test("are made anew where what was kept is damaged, cut short or gone", async () => {
    const { root, etag, later } = made();
    later(61_000);
    await etag();
    const file = join(root, keys.digests);
    const whole = readFileSync(file);
    const damages: (Uint8Array | undefined)[] = [
      undefined,
      whole.subarray(0, -1),
      new Uint8Array(),
      whole.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
    ];
    for (const damaged of damages) {
      if (damaged === undefined) rmSync(file);
      else writeFileSync(file, damaged);
      expect(await etag()).toBe(digestOf(1));
      expect(readFileSync(file)).toEqual(whole);
    }
  });
});
