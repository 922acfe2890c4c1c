import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DownloadOptions, download } from "../../lib/fetch/download.ts";
import { temporaryFolder } from "../support/folder.ts";
import {
  hurriedPatience,
  type Published,
  type Publisher,
  type PublisherFault,
  startPublisher,
} from "../support/publisher.ts";

const PATH = "/data/a.nc";
const bytes = (value: number) => new Uint8Array(100_000).map((_, i) => (i * 7 + value) % 256);
const FILE: Published = { body: bytes(1), lastModified: new Date("2024-01-30T05:00:00Z") };
const NEXT: Published = { body: bytes(2), lastModified: new Date("2024-01-31T05:00:00Z") };

let publisher: Publisher;
const waits: number[] = [];

beforeAll(async () => {
  publisher = await startPublisher();
});
afterAll(() => publisher.close());
beforeEach(() => {
  publisher.files.clear();
  publisher.files.set(PATH, FILE);
  publisher.requests.length = 0;
  publisher.fault = undefined;
  waits.length = 0;
});

/** Each request has the next of these faults, and then none. */
function faults(...each: (PublisherFault | undefined)[]): void {
  publisher.fault = () => each.shift();
}

async function fetched(options: Partial<DownloadOptions> = {}) {
  const path = join(temporaryFolder(), "part");
  const patience = hurriedPatience(waits);
  const result = await download(`${publisher.origin}${PATH}`, path, { patience, maxBytes: 2 ** 20, ...options });
  return { ...result, body: new Uint8Array(readFileSync(path)) };
}

const ranges = () => publisher.requests.map(({ headers, status }) => [headers.range, status]);

test("a file comes whole, and is asked for again to see that it was not replaced", async () => {
  const { body, ...result } = await fetched();
  expect(body).toEqual(FILE.body);
  expect(result).toMatchObject({
    status: "whole",
    bytes: 100_000,
    validators: { lastModified: "Tue, 30 Jan 2024 05:00:00 GMT" },
  });
  expect(publisher.requests.map(({ status }) => status)).toEqual([200, 304]);
});

test("what is known is not sent again, and what is not there is absent", async () => {
  const { validators } = (await fetched()) as unknown as { validators: DownloadOptions["known"] };
  publisher.requests.length = 0;
  expect(await fetched({ known: validators })).toMatchObject({ status: "unchanged" });
  expect(await fetched({ known: { lastModified: validators!.lastModified } })).toMatchObject({ status: "unchanged" });
  expect(publisher.requests.map(({ status }) => status)).toEqual([304, 304]);
  publisher.files.set(PATH, NEXT);
  expect((await fetched({ known: validators })).body).toEqual(NEXT.body);
  publisher.files.clear();
  expect(await fetched()).toMatchObject({ status: "absent" });
});

describe("what breaks off", () => {
  test.each(["cut", "stall"] as const)("(%s) goes on where it was", async (fault) => {
    faults(fault);
    expect((await fetched()).body).toEqual(FILE.body);
    expect(ranges()).toEqual([
      [undefined, 200],
      ["bytes=50000-", 206],
      [undefined, 304],
    ]);
    expect(publisher.requests[1]!.headers["if-range"]).toMatch(/^"[0-9a-f]{16}"$/);
  });

  test("twice, goes on twice", async () => {
    faults("cut", "cut");
    expect((await fetched()).body).toEqual(FILE.body);
    expect(ranges().map(([range]) => range)).toEqual([undefined, "bytes=50000-", "bytes=75000-", undefined]);
  });

  test("is downloaded anew where another file is there by then", async () => {
    publisher.fault = (_, { range }) => {
      if (publisher.requests.length === 0) return "cut";
      if (range !== undefined) publisher.files.set(PATH, NEXT);
      return undefined;
    };
    expect((await fetched()).body).toEqual(NEXT.body);
  });

  test("is downloaded anew where nothing names the version", async () => {
    publisher.files.set(PATH, { body: FILE.body, tagged: false });
    faults("cut");
    expect((await fetched()).body).toEqual(FILE.body);
    expect(ranges()).toEqual([
      [undefined, 200],
      [undefined, 200],
    ]);
  });
});

test("a file that is written over while it is read is no mix", async () => {
  faults({ mixed: NEXT });
  expect((await fetched()).body).toEqual(NEXT.body);
  expect(publisher.requests.map(({ status }) => status)).toEqual([200, 200, 200, 304]);
});

test.each<[string, PublisherFault, number]>([
  ["503", { status: 503 }, 503],
  ["a page that says sorry", "html", 200],
  ["404", { status: 404 }, 404],
])("nor where the server fails (%s) when it is asked whether it was", async (_, fault, status) => {
  faults({ mixed: NEXT }, fault);
  expect((await fetched()).body).toEqual(NEXT.body);
  const statuses = publisher.requests.map((request) => request.status);
  expect(statuses.slice(0, 2)).toEqual([200, status]);
  expect(statuses.at(-1)).toBe(304);
});

test("what nobody says of whether it was replaced is not whole, and its bytes are not asked for again", async () => {
  faults(undefined, { status: 503 }, "reset");
  expect((await fetched()).body).toEqual(FILE.body);
  expect(publisher.requests.map(({ status }) => status)).toEqual([200, 503, 0, 304]);
  let asked = 0;
  publisher.fault = () => (asked++ === 0 ? undefined : { status: 503 });
  await expect(fetched()).rejects.toMatchObject({ tag: "BadAnswer" });
});

describe("a server that fails", () => {
  test.each<[string, PublisherFault]>([
    ["503", { status: 503 }],
    ["429", { status: 429 }],
    ["a connection that breaks at once", "reset"],
  ])("(%s) is asked again, a few times", async (_, fault) => {
    faults(fault, fault, fault);
    expect((await fetched()).body).toEqual(FILE.body);
    expect(waits).toHaveLength(3);
    publisher.fault = () => fault;
    await expect(fetched()).rejects.toThrow(/, 4 times\. It is asked for again at the next schedule$/);
  });

  test("is waited for as long as it asks, if that is not too long", async () => {
    faults({ status: 503, retryAfter: "37" });
    await fetched();
    expect(waits).toEqual([37_000]);
    faults({ status: 429, retryAfter: "61" });
    await expect(fetched()).rejects.toThrow("status 429, and wants to be left alone for 61 s");
    expect(waits).toEqual([37_000]);
  });

  test("with another status is not asked again", async () => {
    faults({ status: 403 });
    await expect(fetched()).rejects.toThrow(`${PATH}: the server answers with status 403. Look at the address`);
    expect(publisher.requests).toHaveLength(1);
  });

  test("is given up when the time is over, which no wait makes longer", async () => {
    faults("reset", "reset");
    const patience = {
      ...hurriedPatience(),
      totalMs: 1,
      wait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    };
    await expect(fetched({ patience })).rejects.toThrow("takes too long");
  });
});

describe("a redirect", () => {
  const to = (redirect: string): PublisherFault => ({ redirect });

  test("on the same host is followed, a few times", async () => {
    publisher.files.set("/moved/a.nc", NEXT);
    publisher.fault = (path) => (path === PATH ? to("/moved/a.nc") : undefined);
    expect((await fetched()).body).toEqual(NEXT.body);
    publisher.fault = () => to("/moved/a.nc");
    await expect(fetched()).rejects.toThrow("redirects more than 4 times");
  });

  test.each([
    ["another host", "http://localhost:1/a.nc"],
    ["another port", "http://127.0.0.1:1/a.nc"],
    ["a file of this machine", "file:///etc/passwd"],
    ["the instance's own data", "http://169.254.169.254/latest/meta-data"],
    ["no address", "http://"],
  ])("to %s is not", async (_, location) => {
    faults(to(location));
    await expect(fetched()).rejects.toThrow(/: redirects to /);
    expect(publisher.requests).toHaveLength(1);
  });
});

test("a file that is too large is given up", async () => {
  await expect(fetched({ maxBytes: 99_999 })).rejects.toThrow("has more than 99999 bytes");
});

test("the body of a file that is not wanted is not read", async () => {
  const result = await fetched({ wants: ({ lastModified }) => lastModified !== "Tue, 30 Jan 2024 05:00:00 GMT" });
  expect(result).toEqual({ status: "unwanted", body: new Uint8Array() });
});
