import { expect, test } from "vitest";
import { claimLocally } from "../../functions/local/claim.ts";
import { silent } from "../../functions/local/progress.ts";
import { keys } from "../../lib/keys.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/built-in-products.ts";
import type { RunMode } from "../../lib/run/claim.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { Presence } from "../../lib/store/presence.ts";
import { temporaryFolder } from "../support/folder.ts";
import { namedInputs } from "../support/inputs.ts";

/** Commands on one folder, of machines of these names. Those in `atWork` live. */
function commands(atWork = new Set<string>()) {
  const store = folderStore(temporaryFolder());
  const claim = (machine: string, mode: RunMode) => {
    const presence: Presence = {
      owner: `${machine}:${machine}.1.a`,
      sees: () => true,
      isAtWork: (owner) => atWork.has(owner.split(":")[0]!),
      keeps: (owner) => !owner.startsWith("lost"),
      [Symbol.dispose]() {},
    };
    return claimLocally(store, namedInputs(), { product: BUILT_IN_PRODUCTS[0]!, mode, presence, progress: silent });
  };
  return { store, claim, atWork };
}

test("of commands that do a run again at once one does, and the others are told of it", async () => {
  const machines = ["a", "b", "c"];
  const { store, claim } = commands(new Set(machines));
  const { runId } = await claim("first", "new");
  await store.put(keys.manifest(runId), JSON.stringify({ status: "complete", finishedAt: "9999" }));
  const ends = await Promise.allSettled(machines.map((machine) => claim(machine, "new")));
  const claims = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  expect(claims).toHaveLength(1);
  const { owner } = claims[0]!;
  const told = { tag: "RunClaimed", message: expect.stringContaining(`this run is being done by ${owner}`) };
  const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  expect(refused).toEqual([expect.objectContaining(told), expect.objectContaining(told)]);
});

test("a run of a machine that died is resumed or forced, and without that word left alone", async () => {
  const { claim } = commands();
  await claim("dead", "new");
  await expect(claim("a", "new")).rejects.toMatchObject({
    tag: "RunClaimed",
    message: expect.stringMatching(/this run was begun by dead:.* and is unfinished\. Add --resume .* or --force/),
  });
  expect(await claim("a", "force")).toMatchObject({ owner: "a:a.1.a" });
  expect(await claim("b", "resume")).toMatchObject({ owner: "b:b.1.a", begunBy: "a:a.1.a" });
});

test("a run of a machine that is at work is waited for", async () => {
  const { claim, atWork } = commands(new Set(["slow"]));
  await claim("slow", "new");
  let isClaimed = false;
  const claimed = claim("a", "force").finally(() => (isClaimed = true));
  for (let i = 0; i < 100; i++) await new Promise(setImmediate);
  expect(isClaimed).toBe(false);
  atWork.clear();
  expect(await claimed).toMatchObject({ owner: "a:a.1.a" });
});

test("what was begun before the machine lost its power is not believed: a resume does all of it, for the same time", async () => {
  const { store, claim } = commands();
  const begun = await claim("lost", "new");
  const resumed = await claim("a", "resume");
  expect(resumed).toEqual({ ...begun, owner: "a:a.1.a", begunBy: "a:a.1.a", claimedAt: resumed.claimedAt });
  // What the manifest tells was flushed before.
  const { runId } = await claim("lost", "force");
  await store.put(keys.manifest(runId), JSON.stringify({ status: "partial", finishedAt: "9999" }));
  expect(await claim("b", "resume")).toMatchObject({ owner: "b:b.1.a", begunBy: "lost:lost.1.a" });
});
