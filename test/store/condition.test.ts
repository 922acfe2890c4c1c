import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folderStore } from "../../lib/store/folder.ts";
import { fileWriter } from "../../lib/store/folder-files.ts";
import { growingName, sweepFolder } from "../../lib/store/growing.ts";
import { lockOf, tryLocked } from "../../lib/store/lock.ts";
import { requireObject } from "../../lib/store/store.ts";
import { node } from "../support/command.ts";
import { filesIn, temporaryFolder } from "../support/folder.ts";

const RACER = fileURLToPath(new URL("../support/condition-racer.ts", import.meta.url));
const RACERS = 4;
/** Of each of them; more to look for what is rare. */
const ROUNDS = Number(process.env["RACE_ROUNDS"] ?? 100);

test("of processes that write on condition at once, exactly one writes each time", async () => {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("count", "0");
  const racers = Array.from({ length: RACERS }, () => node([RACER, root, String(ROUNDS)]));
  await store.put("go", "");
  const ends = await Promise.all(racers);
  expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ends.map(() => ({ code: 0, stderr: "" })));
  // Of two that had both been told that they wrote, one would not have counted.
  expect(Number(readFileSync(join(root, "count"), "utf8"))).toBe(RACERS * ROUNDS);
  expect(ends.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(ROUNDS);
  sweepFolder(root);
  expect(filesIn(root).filter((name) => name.startsWith(".growing"))).toEqual([]);
});

/** A folder with the object `latest.json`, and its lock held by that name; and what swaps the object. */
async function held(holder: string) {
  const root = temporaryFolder();
  const store = folderStore(root);
  await store.put("latest.json", "first");
  const { etag } = await requireObject(store, "latest.json");
  const lock = lockOf(join(root, ".growing"), "latest.json");
  mkdirSync(lock);
  writeFileSync(join(lock, holder), "another");
  return { root, lock, swap: () => store.putIfMatch("latest.json", "second", etag) };
}

describe("a lock", () => {
  test("of a process that was killed is taken at once", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const { lock, swap } = await held(growingName().replace(`.${process.pid}.`, `.${pid}.`));
    expect(await swap()).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  test("of another machine is waited for, and taken when it is old by the clock of the file system", async () => {
    const holder = "another-machine.1.a";
    const { lock, swap } = await held(holder);
    let isSwapped = false;
    const swapped = swap().finally(() => (isSwapped = true));
    for (let i = 0; i < 100; i++) await setImmediate();
    expect(isSwapped).toBe(false);
    expect(readdirSync(lock)).toEqual([holder]);
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(lock, holder), old, old);
    expect(await swapped).toBe(true);
  });

  test("that was left empty, amid its release, is free", async () => {
    const { lock, swap } = await held("a");
    rmSync(join(lock, "a"));
    expect(await swap()).toBe(true);
  });

  test("whose holder was taken for dead keeps it from writing, and it begins anew", () => {
    const root = temporaryFolder();
    const lock = lockOf(join(root, ".growing"), "a");
    const told: (string | undefined)[] = [];
    fileWriter(root)("a", "slow", (slow, path) =>
      tryLocked(lock, slow, (own) => {
        told.push(existsSync(path) ? readFileSync(path, "utf8") : undefined);
        if (told.length === 1) {
          rmSync(own);
          fileWriter(root)("a", "other", (other) => tryLocked(lock, other, (file) => renameSync(file, path)));
        }
        renameSync(own, path);
      }),
    );
    // It looks again, and finds what the other one wrote.
    expect(told).toEqual([undefined, "other"]);
    expect(existsSync(lock)).toBe(false);
  });

  test("that cannot be had is named, with what to do", async () => {
    const { lock, swap } = await held("a");
    rmSync(lock, { recursive: true });
    writeFileSync(lock, "");
    await expect(swap()).rejects.toMatchObject({ tag: "CannotWrite", message: expect.stringContaining(lock) });
  });
});
