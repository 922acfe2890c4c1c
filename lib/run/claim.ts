import { hash } from "node:crypto";
import { InputError, isInputError, withSentence } from "../errors.ts";
import { keys } from "../keys.ts";
import { getJsonIfWhole, jsonText, type ObjectStore, parseJson, requireObject } from "../store/store.ts";
import { dashed } from "../time.ts";
import { earlierRecords } from "./initialisations.ts";
import { inputRecord, type RunInputs } from "./inputs.ts";
import { findIssue } from "./issue.ts";
import type { Product } from "./product.ts";
import type { Claim, InputRecords, Issue, Manifest, RunStatus } from "./records.ts";
import { takenOver } from "./superseded.ts";

/**
 * `new`: only if nobody has begun this run, or what was begun has failed or ran out of its time. `resume`: take a begun run
 * over and do what has no receipt; with none begun, begin it. `force`: do every chunk again.
 */
export type RunMode = "new" | "resume" | "force";

export interface RunRequest {
  readonly product: Product;
  readonly mode: RunMode;
  /** Time of the row for now, `YYYY-MM-DD HH:MM:SS` UTC; by default the day of issue, else the time of the claim. */
  readonly now?: string;
}

/** Who asks, and when. */
export interface Claimant {
  /** The execution or process. */
  readonly owner: string;
  /** The time as `YYYY-MM-DD HH:MM:SS` UTC; also for a request that names none of a forecast without a day of issue. */
  readonly clock: string;
  /** Until when the owner can be at work, in the same form; absent where it has no limit. */
  readonly leaseUntil?: string | undefined;
  /** Who was found with the run and is not at work: it is taken over from that one, and from nobody who came since. */
  readonly from?: string;
}

/** `claimed`: go on. `duplicate`: the run has been begun, as `claim` says, and ended so, or not yet; leave it. */
export type ClaimResult =
  | { readonly status: "claimed"; readonly claim: Claim }
  | { readonly status: "duplicate"; readonly claim: Claim; readonly of: RunStatus | "unfinished" };

/**
 * Claims a run, so that of any number of events for the same inputs exactly one works.
 *
 * A step may be run again after its claim was written (a durable step is at-least-once), so a claim of the same owner
 * counts as claimed.
 *
 * @throws InputError `FileNotFound` for inputs, `BadName` for a forecast's; `BadOption` for a resume with another time than the run has
 */
export async function claimRun(
  store: ObjectStore,
  inputs: RunInputs,
  request: RunRequest,
  claimant: Claimant,
): Promise<ClaimResult> {
  const claim = await draftClaim(inputs, request, claimant);
  if (request.mode !== "new") return claimAs(store, claim, request, claimant.from);
  try {
    return await claimAs(store, claim, request, claimant.from);
  } catch (error) {
    // With its answer lost the claim may stand: the same event would then be a duplicate. Of a folder that cannot be
    // written all is known.
    if (isInputError(error, "CannotWrite")) throw error;
    throw withSentence(error, `Run ${claim.runId} may be claimed by now: resume it when this is mended`);
  }
}

/**
 * The claim that a run of these inputs would have; nothing is written.
 *
 * @throws InputError `FileNotFound` for inputs, `BadName` for a forecast's
 */
export async function draftClaim(
  inputs: RunInputs,
  { product, now: asked }: Pick<RunRequest, "product" | "now">,
  { owner, clock, leaseUntil }: Claimant,
): Promise<Claim> {
  const [forecast, observations, table, climatology, hindcasts, initialisations] = await Promise.all([
    inputRecord(inputs.forecast),
    inputRecord(inputs.observations),
    inputRecord(inputs.stations),
    inputs.climatology && inputRecord(inputs.climatology),
    inputs.hindcasts && inputRecord(inputs.hindcasts),
    earlierRecords(inputs, product),
  ]);
  const { encoding } = inputs;
  const stations = { ...table, ...(encoding === undefined ? {} : { encoding }) };
  const records: InputRecords = {
    forecast,
    observations,
    stations,
    ...(climatology === undefined ? {} : { climatology }),
    ...(hindcasts === undefined ? {} : { hindcasts }),
    ...(initialisations === undefined ? {} : { initialisations }),
  };
  const { issue, from } = await findIssue(inputs.forecast, product);
  const runId = runIdOf(product, issue, records);
  const midnight = issue.issued === null ? undefined : `${dashed(issue.issued)} 00:00:00`;
  const now = asked ?? midnight ?? clock;
  const nowFrom = asked === undefined ? (from ?? "clock") : "request";
  const lease = leaseUntil === undefined ? {} : { leaseUntil };
  const { name } = product;
  return { runId, product: name, ...records, now, nowFrom, issue, owner, begunBy: owner, claimedAt: clock, ...lease };
}

async function claimAs(
  store: ObjectStore,
  claim: Claim,
  { mode, now }: RunRequest,
  from: string | undefined,
): Promise<ClaimResult> {
  const { runId, owner } = claim;
  const key = keys.claim(runId);
  const claimed = (by: Claim): ClaimResult => ({ status: "claimed", claim: by });
  if (mode === "force" && from === undefined) {
    await store.put(key, jsonText(claim));
    return claimed(claim);
  }
  if (await store.putIfAbsent(key, jsonText(claim))) return claimed(claim);
  const { claimedAt, leaseUntil } = claim;
  const { body, etag } = await requireObject(store, key);
  const found = completed(parseJson<OlderClaim>(key, body), claim);
  if (found.owner === owner) return claimed(found);
  const lost: ClaimResult = { status: "duplicate", claim: found, of: "unfinished" };
  if (from !== undefined && found.owner !== from) return lost;
  switch (mode) {
    case "force":
      return (await takesOver(store, claim, etag)) ? claimed(claim) : lost;
    case "new": {
      const of = await endOf(store, found);
      const hasLapsed = found.leaseUntil !== undefined && claimedAt !== undefined && found.leaseUntil < claimedAt;
      const isOver = of === "failed" || (of === "unfinished" && hasLapsed);
      // Nobody else would do it: of all that find so at once, one takes it over.
      if (isOver && (await takesOver(store, claim, etag))) return claimed(claim);
      return { status: "duplicate", claim: found, of: isOver ? "unfinished" : of };
    }
    case "resume": {
      if (now !== undefined && now !== found.now) {
        throw new InputError("BadOption", `run ${runId} was begun with now ${found.now}, not ${now}`, {
          hint: "Resume it without a time, or force a new run with this one",
        });
      }
      const resumed = { ...found, claimedAt, leaseUntil, owner };
      if (await takesOver(store, resumed, etag)) return claimed(resumed);
      if (from !== undefined) return lost;
      throw takenOver(runId, "another at the same time");
    }
  }
}

/** Whether the claim of that etag gives way to this one. S3 can say no where its first answer was lost: then it has. */
async function takesOver(store: ObjectStore, claim: Claim, etag: string): Promise<boolean> {
  const key = keys.claim(claim.runId);
  if (await store.putIfMatch(key, jsonText(claim), etag)) return true;
  return (await getJsonIfWhole<Claim>(store, key))?.owner === claim.owner;
}

/** The claims of older versions say less. */
type OlderClaim = Omit<Claim, "issue" | "nowFrom" | "begunBy"> & Partial<Claim>;

/** What a claim that was found does not say is what is found out now. */
function completed(found: OlderClaim, { issue, nowFrom }: Claim): Claim {
  return { issue, nowFrom, begunBy: found.owner, ...found };
}

/** How the run of a claim ended; a manifest of before the claim is that of an earlier attempt. */
async function endOf(store: ObjectStore, { runId, claimedAt = "" }: Claim): Promise<RunStatus | "unfinished"> {
  const manifest = await getJsonIfWhole<Manifest>(store, keys.manifest(runId));
  return manifest === undefined || manifest.finishedAt < claimedAt ? "unfinished" : manifest.status;
}

/**
 * Part of the hash: changes when the same inputs give series of other bytes, so that these have keys of their own and no
 * worker of the older version, however late, writes over them.
 */
const SERIES_VERSION = 1;

/**
 * The id of a run: product and forecast for people to read, and a hash of all that its bytes come from but the time:
 * the product's definition and the three inputs. So an event that is delivered twice has one id, and a corrected
 * station table another.
 */
function runIdOf(product: Product, issue: Issue, records: InputRecords): string {
  const { forecast, observations, stations, climatology, hindcasts, initialisations } = records;
  const more = [climatology, hindcasts && { hindcasts }, initialisations && { initialisations }].filter(
    (input) => input !== undefined,
  );
  const inputs = [forecast, observations, stations, ...more];
  const digest = hash("sha256", JSON.stringify([SERIES_VERSION, product, ...inputs].map(canonical)));
  const label = issue.label.replace(/[^A-Za-z0-9._-]/g, "_");
  return `${product.name}-${label}-${digest.slice(0, 12)}`;
}

/** The value with its objects' properties in order of name, so that equal values have equal JSON. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner)]),
  );
}
