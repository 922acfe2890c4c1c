import { expect, test } from "vitest";
import { claimRun, type RunMode } from "../../lib/run/claim.ts";
import { BUILT_IN_PRODUCTS } from "../../lib/run/product.ts";
import { folderStore } from "../../lib/store/folder.ts";
import type { ObjectStore } from "../../lib/store/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { namedInputs } from "../support/inputs.ts";

const product = BUILT_IN_PRODUCTS[0]!;

/** Claims runs in one store, with a clock that tells another second at each claim. */
function claimer() {
  const store = folderStore(temporaryFolder());
  let second = 0;
  return (
    mode: RunMode,
    owner: string,
    { now, ...etags }: { now?: string; forecast?: string; stations?: string } = {},
  ) =>
    claimRun(
      store,
      namedInputs(etags),
      { product, mode, ...(now === undefined ? {} : { now }) },
      { owner, clock: `2020-06-30 00:00:0${second++}` },
    );
}

test("the first to claim works, others are told that it is a duplicate of the first", async () => {
  const claim = claimer();
  const results = await Promise.all(["a", "b", "c"].map((owner) => claim("new", owner)));
  expect(results.map((result) => result.status).sort()).toEqual(["claimed", "duplicate", "duplicate"]);
  const winner = results.find(({ status }) => status === "claimed")?.claim;
  for (const { claim: known } of results) expect(known).toEqual(winner);
});

test("a step that runs again after its claim was written goes on with it", async () => {
  const claim = claimer();
  const first = await claim("new", "a");
  expect(await claim("new", "a")).toEqual(first);
  expect(first.claim.now).toBe("2020-06-30 00:00:00");
});

test("the id comes from all inputs and the product, never from time or owner", async () => {
  const claim = claimer();
  const { runId } = (await claim("new", "a")).claim;
  expect(runId).toMatch(/^prec-20200625\.202008-[0-9a-f]{12}$/);
  expect((await claimer()("new", "b")).claim.runId).toBe(runId);
  const others = [
    (await claim("new", "a", { forecast: "f2" })).claim.runId,
    (await claim("new", "a", { stations: "s2" })).claim.runId,
    (
      await claimRun(
        folderStore(temporaryFolder()),
        namedInputs(),
        { product: { ...product, series: { ...product.series, missing: "" } }, mode: "new" },
        { owner: "a", clock: "t" },
      )
    ).claim.runId,
  ];
  expect(new Set([runId, ...others]).size).toBe(4);
});

test("a resumed run keeps owner and time, and refuses another time", async () => {
  const claim = claimer();
  const first = await claim("new", "a", { now: "2020-06-30 12:00:00" });
  expect(await claim("resume", "b")).toEqual(first);
  await expect(claim("resume", "b", { now: "2020-07-01 00:00:00" })).rejects.toMatchObject({
    tag: "BadOption",
    message: expect.stringContaining("was begun with now 2020-06-30 12:00:00, not 2020-07-01 00:00:00"),
  });
});

test("a claim that fails half-way says that only a resume goes on from it", async () => {
  const store = folderStore(temporaryFolder());
  const failing: ObjectStore = { ...store, put: () => Promise.reject(new Error("socket hang up")) };
  const claim = (mode: RunMode, to: ObjectStore) =>
    claimRun(to, namedInputs(), { product, mode }, { owner: mode, clock: "t" });
  await expect(claim("new", failing)).rejects.toThrow(
    /^socket hang up\. Run prec-.* may be claimed by now: resume it when this is mended$/,
  );
  expect((await claim("new", store)).status).toBe("claimed");
  await expect(claim("force", failing)).rejects.toThrow(/^socket hang up$/);
});

test("a run that nobody began is begun by a resume", async () => {
  expect((await claimer()("resume", "a")).status).toBe("claimed");
});

test("a run that is resumed after another took its series does all again, for the time that it began with", async () => {
  const claim = claimer();
  const first = await claim("new", "a", { now: "2020-06-30 12:00:00" });
  await claim("new", "b", { forecast: "f2" });
  const resumed = await claim("resume", "c");
  expect(resumed.claim).toEqual({ ...first.claim, owner: "c" });
  expect(await claim("resume", "d")).toEqual(resumed);
});

test("force takes the run over with its own owner and time", async () => {
  const claim = claimer();
  await claim("new", "a");
  const forced = await claim("force", "b", { now: "2020-07-01 00:00:00" });
  expect(forced).toMatchObject({ status: "claimed", claim: { owner: "b", now: "2020-07-01 00:00:00" } });
  expect((await claim("new", "a")).status).toBe("duplicate");
});
