import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { s3Store } from "../../lib/store/s3.ts";
import { bucket, type Fault, type S3Server, startS3 } from "../support/s3-server.ts";

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
  bucket(s3, "data");
});
beforeEach(() => {
  s3.store.emptyBucket("data");
  s3.store.putObject("data", "a", Buffer.from("whole"));
});
afterAll(() => s3.close());

/** Faults after which no answer comes; only so long a wait shows that, while the others are waited for. */
const SILENT: ReadonlySet<Fault> = new Set(["stall", "stallBody", "late"] as const);
const SILENCE_MS = 500;

/** What a plain client sees of a request with a fault: status and body, or that the connection broke. */
async function send(fault: Fault, key: string, init: RequestInit = {}): Promise<string> {
  s3.intercept = () => fault;
  try {
    const signal = SILENT.has(fault) ? AbortSignal.timeout(SILENCE_MS) : null;
    const response = await fetch(`${s3.endpoint}/data/${key}`, { ...init, signal });
    const checksum = response.headers.get("x-amz-checksum-crc32");
    return [response.status, await response.text(), ...(checksum === null ? [] : [checksum])].join(" ");
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "silence" : "broken";
  } finally {
    s3.intercept = undefined;
  }
}

const refusal = { status: 500, code: "InternalError" };

test.each<[Fault, string, "done" | "not done"]>([
  [refusal, "500 ", "not done"],
  [{ ...refusal, status: 404, done: true }, "404 ", "done"],
  ["reset", "broken", "not done"],
  ["lost", "broken", "done"],
  ["stall", "silence", "not done"],
  ["late", "silence", "done"],
])("a write that meets %j is answered with %j, and is %s", async (fault, seen, done) => {
  expect(await send(fault, "b", { method: "PUT", body: "new" })).toContain(seen);
  // What is late is done when the client has gone.
  await expect.poll(() => s3.store.listObjects("data", {}).objects.length).toBe(done === "done" ? 2 : 1);
});

test.each<[Fault, string]>([
  ["cut", "broken"],
  ["truncated", "200 who"],
  ["flipped", "200 whnle"],
  ["checksum", "200 whole AAAAAQ=="],
  ["stallBody", "silence"],
])("a read that meets %j sees %j", async (fault, seen) => {
  expect(await send(fault, "a")).toBe(seen);
});

test.runIf(process.env["FAULT_SEEDS"] === "all").each([
  { over: "the SDK", client: "client" },
  { over: "the slim client", client: "slim" },
] as const)("over $over, a silence of 30 s is given up, and the request is sent again", async ({ client }) => {
  let asked = 0;
  s3.intercept = () => (asked++ === 0 ? "stall" : undefined);
  const started = performance.now();
  const found = await s3Store(s3[client], "data").get("a");
  expect(new TextDecoder().decode(found?.body)).toBe("whole");
  expect(asked).toBe(2);
  expect(performance.now() - started).toBeGreaterThan(30_000);
});
