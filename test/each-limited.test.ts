import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { eachLimited } from "../lib/each-limited.ts";

test("no more than the limit are under way, and all are done", async () => {
  let now = 0;
  let peak = 0;
  const seen: number[] = [];
  await eachLimited([5, 1, 3, 2, 4, 0], 3, async (item, index) => {
    peak = Math.max(peak, ++now);
    await sleep(item);
    now--;
    seen[index] = item;
  });
  expect(peak).toBe(3);
  expect(seen).toEqual([5, 1, 3, 2, 4, 0]);
});

test("work that never waits is done one by one", async () => {
  let now = 0;
  let peak = 0;
  await eachLimited([1, 2, 3, 4, 5], 3, async () => {
    peak = Math.max(peak, ++now);
    await Promise.resolve();
    now--;
  });
  expect(peak).toBe(1);
});

test("an error of the items is thrown as one of the work", async () => {
  const done: number[] = [];
  function* items() {
    yield 1;
    throw new Error("no second");
  }
  const work = eachLimited(items(), 2, async (item) => {
    await sleep(5);
    done.push(item);
  });
  await expect(work).rejects.toThrow("no second");
  expect(done).toEqual([1]);
});

test("after an error nothing is started, what is under way is awaited, and the first error is thrown", async () => {
  const events: string[] = [];
  const work = eachLimited([1, 2, 3, 4], 2, async (item) => {
    events.push(`start ${item}`);
    await sleep(item * 5);
    events.push(`end ${item}`);
    throw new Error(`no ${item}`);
  });
  await expect(work).rejects.toThrow("no 1");
  expect(events).toEqual(["start 1", "start 2", "end 1", "end 2"]);
});
